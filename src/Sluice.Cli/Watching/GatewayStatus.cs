using System.Text.Json;
using Sluice.Cli.Hosting;
using Sluice.Errors;

namespace Sluice.Cli.Watching;

/// <summary>What a running gateway says of itself.</summary>
/// <param name="Url">Where it was asked.</param>
/// <param name="Readiness">Its answer of <c>/health/ready</c>.</param>
/// <param name="Health">Its answer of <c>/health</c>.</param>
internal sealed record GatewayStatus(Uri Url, JsonElement Readiness, JsonElement Health)
{
    /// <summary><c>ready</c>, <c>stopping</c> or <c>not_ready</c>.</summary>
    public string Word => Text(Readiness, "status") ?? "unknown";

    /// <summary>The checks that failed, with the reason where it is told.</summary>
    public IEnumerable<string> Failing => Items(Readiness, "checks").Where(c => Text(c, "status") != "ok").Select(c => Text(c, "reason") is { } reason ? $"{Text(c, "name")}: {reason}" : $"{Text(c, "name")} failed");

    /// <summary>Its providers.</summary>
    public IEnumerable<JsonElement> Providers => Items(Health, "providers");

    /// <summary>True where the gateway takes calls and nothing rests or is set aside.</summary>
    public bool IsWell => Word == "ready" && Providers.All(p => Items(p, "keys").All(k => Text(k, "state") == "good") && Items(p, "models").All(m => Text(m, "breaker") == "closed"));

    /// <summary>Asks a gateway. Where it needs a key and does not take this one, the error says so.</summary>
    public static async Task<Outcome<GatewayStatus>> AskAsync(GatewayAddress address, CancellationToken cancellationToken)
    {
        using var client = new GatewayClient(address);
        var readiness = await client.GetAsync("/health/ready", cancellationToken);
        if (!readiness.IsSuccess) return readiness.Error;
        using var ready = readiness.Value;
        var health = await client.GetAsync("/health", cancellationToken);
        if (!health.IsSuccess) return health.Error;
        using var state = health.Value;
        var status = new GatewayStatus(address.Url, ready.RootElement.Clone(), state.RootElement.Clone());
        if (status.Health.TryGetProperty("providers", out _)) return status;
        string why = address.Key is null ? $"needs a key for this: set {GatewayUrl.KeyVariable} to its admin key, or to a virtual key" : "does not take this key: it is the admin key or a virtual key that is wanted";
        return new GatewayError(ErrorKind.Authentication, $"the gateway at {client.Shown} is {status.Word.Replace('_', ' ')}, and {why}");
    }

    /// <summary>A member that is text; <see langword="null"/> where there is none.</summary>
    public static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString() : null;

    /// <summary>A member that is a number; zero where there is none.</summary>
    public static long Number(JsonElement of, string name) => of.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.Number ? (long)found.GetDouble() : 0;

    /// <summary>A member that is a list; empty where there is none.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement of, string name) => of.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.Array ? found.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object) : [];
}
