using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Sluice.Simulator.Hosting;

/// <summary>A request on its way through a vendor.</summary>
internal sealed class SimulatedCall : IDisposable
{
    private JsonDocument? document;

    public required Stage Stage { get; init; }

    public required HttpRequest Request { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Path below the vendor's prefix, as <c>/v1/chat/completions</c>.</summary>
    public required string Path { get; init; }

    public string Method => Request.Method;

    /// <summary>The model asked for, once the vendor has read it.</summary>
    public string? Model { get; set; }

    /// <summary>The last text of the user with its directives, once the vendor has read it.</summary>
    public string? UserText { get; set; }

    /// <summary>Where the caller's key stands, or null where requests are not limited.</summary>
    public RequestLimit? Limit { get; set; }

    public int ChunkCharacters { get; set; }

    public string? Header(string name) => Request.Headers.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    public string? Query(string name) => Request.Query.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    public long UnixSeconds => Stage.Options.Time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>The body as JSON; false where it is none.</summary>
    public bool TryReadJson(out JsonElement root)
    {
        root = default;
        try
        {
            document ??= JsonDocument.Parse(Body);
        }
        catch (JsonException)
        {
            return false;
        }

        root = document.RootElement;
        return root.ValueKind == JsonValueKind.Object;
    }

    public void Dispose() => document?.Dispose();
}
