using System.Globalization;
using Sluice.Configuration.Binding;
using Sluice.Configuration.Importing;
using Sluice.Configuration.Yaml;
using Sluice.Errors;

namespace Sluice.Cli.Keys;

/// <summary>The keys of a gateway elsewhere, through its administration API.</summary>
internal sealed class RemoteKeyRing(AdminClient client) : IKeyRing
{
    private const int PerPage = 500;

    // Administration may have an address of its own.
    public string? Address => null;

    public async ValueTask<Outcome<IReadOnlyList<ShownKey>>> ListAsync(CancellationToken cancellationToken)
    {
        var keys = new List<ShownKey>();
        string after = "";
        while (true)
        {
            var page = await client.SendAsync("GET", string.Create(CultureInfo.InvariantCulture, $"keys?limit={PerPage}{after}"), null, null, cancellationToken);
            if (!page.IsSuccess) return page.Error;
            keys.AddRange(page.Value.Json.GetProperty("data").EnumerateArray().Select(k => new ShownKey(k)));
            if (page.Value.Text("next_after") is not { } next) return keys;
            after = "&after=" + Uri.EscapeDataString(next);
        }
    }

    public ValueTask<Outcome<ShownKey>> GetAsync(string idOrName, CancellationToken cancellationToken) => client.SendAsync("GET", Path(idOrName), null, null, cancellationToken);

    public ValueTask<Outcome<ShownKey>> CreateAsync(MapNode settings, CancellationToken cancellationToken) => client.SendAsync("POST", "keys", JsonValues.ToJson(settings), null, cancellationToken);

    public ValueTask<Outcome<ShownKey>> UpdateAsync(string idOrName, MapNode patch, long? version, CancellationToken cancellationToken) => client.SendAsync("PATCH", Path(idOrName), JsonValues.ToJson(patch), version, cancellationToken);

    public ValueTask<Outcome<ShownKey>> RotateAsync(string idOrName, TimeSpan grace, long? version, CancellationToken cancellationToken)
    {
        var body = new NodeBuilder().Set("grace", string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(grace.TotalSeconds)}s")).Build();
        return client.SendAsync("POST", Path(idOrName) + "/rotate", JsonValues.ToJson(body), version, cancellationToken);
    }

    public ValueTask<Outcome<ShownKey>> RevokeAsync(string idOrName, long? version, CancellationToken cancellationToken) => client.SendAsync("POST", Path(idOrName) + "/revoke", null, version, cancellationToken);

    public async ValueTask<Outcome<string>> RotateAdminAsync(CancellationToken cancellationToken)
    {
        var rotated = await client.SendAsync("POST", "admin-key/rotate", null, null, cancellationToken);
        return rotated.IsSuccess ? rotated.Value.Secret! : rotated.Error;
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return default;
    }

    private static string Path(string idOrName) => "keys/" + Uri.EscapeDataString(idOrName);
}
