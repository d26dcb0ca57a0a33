using System.Globalization;
using System.Text.Json;
using Sluice.Cli.Hosting;
using Sluice.Pricing;

namespace Sluice.Cli.Commands;

/// <summary>A recorded call: who answered, when, and the provider's own usage object.</summary>
internal static class RecordedCall
{
    /// <summary>Prices it. The fault is what is wrong with the record; a price that is not known is no fault.</summary>
    public static (Cost Cost, string? Fault) Price(PricedCatalog priced, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) return Faulty("an object is needed");
        if (Text(json, "provider") is not { } provider) return Faulty("'provider' is missing");
        if (Text(json, "model") is not { } model) return Faulty("'model' is missing");
        if (Text(json, "format") is not { } format) return Faulty("'format' is missing");
        if (!json.TryGetProperty("usage", out var usage)) return Faulty("'usage' is missing");
        if (Time(json) is not { } at) return Faulty("'at' is no time; write it as 2026-11-15T12:00:00Z");
        if (UsageReader.Read(format, provider, usage) is not { } read)
        {
            return usage.ValueKind == JsonValueKind.Object
                ? Faulty($"the format '{format}' is not known; formats are {string.Join(", ", UsageReader.Formats)}")
                : (Cost.NotKnown("the provider reported no usage"), null);
        }
        foreach (string name in (ReadOnlySpan<string>)["service_tier", "search_context_size"])
        {
            if (json.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null)) return Faulty($"'{name}' is no text");
        }
        if (Members(json, "tool_calls")?.Find(c => c.Value.ValueKind != JsonValueKind.Number || !c.Value.TryGetInt64(out long count) || count < 0) is { Value.ValueKind: not JsonValueKind.Undefined } odd) return Faulty($"'tool_calls.{odd.Name}' is no count");
        var query = new CostQuery
        {
            At = at,
            ServiceTier = Text(json, "service_tier") ?? read.ServiceTier,
            SearchContextSize = Text(json, "search_context_size") ?? read.SearchContextSize,
            Modifiers = Members(json, "modifiers")?.ToDictionary(m => m.Name, m => m.Value.ToString(), StringComparer.Ordinal) ?? read.Modifiers,
        };
        var counted = read.Usage;
        if (Members(json, "tool_calls") is { } calls)
        {
            counted = counted with { ToolCalls = calls.ToDictionary(c => c.Name, c => c.Value.GetInt64(), StringComparer.Ordinal) };
        }
        return (CostCalculator.Calculate(priced.PricesOf(provider, model), counted, query), null);
    }

    private static (Cost Cost, string? Fault) Faulty(string what) => (Cost.NotKnown(what), what);

    private static DateTimeOffset? Time(JsonElement json) => !json.TryGetProperty("at", out var value) ? TimeProvider.System.GetUtcNow()
        : DateTimeOffset.TryParse(value.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at
        : null;

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static List<JsonProperty>? Members(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? [.. value.EnumerateObject()] : null;
}
