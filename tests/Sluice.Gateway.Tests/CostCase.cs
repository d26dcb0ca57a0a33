using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.TestKit;

namespace Sluice.Gateway.Tests;

/// <summary>A golden case: what a provider reported, and what that costs.</summary>
internal sealed record CostCase(JsonElement Json)
{
    public static string File { get; } = Path.Combine(RepositoryPaths.Shared, "catalogue", "cost-cases.json");

    public string Id => Text("id");

    public string Provider => Text("provider");

    public string Model => Text("model");

    public string Format => Text("format");

    public DateTimeOffset At => DateTimeOffset.Parse(Text("at"), CultureInfo.InvariantCulture);

    /// <summary>USD; <see langword="null"/> for a cost that is not known.</summary>
    public string? Expected => Json.GetProperty("expected_usd").GetString();

    public string? ServiceTier => Json.TryGetProperty("service_tier", out var tier) ? tier.GetString() : null;

    public JsonObject Usage => JsonNode.Parse(Json.GetProperty("usage").GetRawText())!.AsObject();

    /// <summary>Calls of hosted tools that no usage object tells of.</summary>
    public IEnumerable<(string Tool, int Count)> ToolCalls =>
        Json.TryGetProperty("tool_calls", out var calls) ? calls.EnumerateObject().Select(c => (c.Name, c.Value.GetInt32())) : [];

    public static IReadOnlyList<CostCase> All { get; } = System.IO.File.Exists(File)
        ? [.. JsonDocument.Parse(System.IO.File.ReadAllBytes(File)).RootElement.EnumerateArray().Select(c => new CostCase(c))]
        : [];

    private string Text(string name) => Json.GetProperty(name).GetString()!;
}
