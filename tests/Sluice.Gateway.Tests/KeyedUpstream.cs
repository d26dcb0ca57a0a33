using System.Text;
using Sluice.Access.Administration;
using Sluice.Gateway.Hosting;
using Sluice.Telemetry;

namespace Sluice.Gateway.Tests;

/// <summary>A server that answers as told, with a gateway before it that knows virtual keys.</summary>
internal sealed class KeyedUpstream : IAsyncDisposable
{
    private readonly FaultyStore _store;
    private readonly KeyAdministration _keys;

    private KeyedUpstream(FakeUpstream upstream, FaultyStore store)
    {
        (Upstream, _store) = (upstream, store);
        _keys = new KeyAdministration(store.Keys, new AuditLog(null, store.Audit, () => upstream.State.Current.Secrets), () => upstream.State.Current.Config, TimeProvider.System);
    }

    public FakeUpstream Upstream { get; }

    public FaultyStore Store => _store;

    public static async Task<KeyedUpstream> StartAsync(string yaml, Func<FakeRequest, FakeAnswer> answer, GatewayHostOptions? options = null)
    {
        var upstream = await FakeUpstream.StartAsync(answer);
        var store = new FaultyStore();
        await upstream.GatewayAsync(yaml, (options ?? new GatewayHostOptions()) with { Store = store });
        return new KeyedUpstream(upstream, store);
    }

    /// <summary>Makes a key with settings as JSON; its secret.</summary>
    public async Task<string> KeyAsync(string settings = "{}")
    {
        var made = await _keys.CreateAsync(KeyedGateway.Node(settings), new Administrator("cli"), TestContext.Current.CancellationToken);
        return made.IsSuccess ? made.Value.Secret : throw new InvalidOperationException(made.Error.Message);
    }

    /// <summary>Gives a key a new secret; the secret.</summary>
    public async Task<string> RotateAsync(string name, TimeSpan grace)
    {
        var rotated = await _keys.RotateAsync(name, grace, null, new Administrator("cli"), TestContext.Current.CancellationToken);
        return rotated.IsSuccess ? rotated.Value.Secret : throw new InvalidOperationException(rotated.Error.Message);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string body, string? key, params (string Name, string Value)[] headers) => SendAsync("POST", path, body, key, headers);

    public Task<HttpResponseMessage> SendAsync(string method, string path, string? body, string? key, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return Upstream.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Upstream.DisposeAsync();
        await _store.DisposeAsync();
    }
}
