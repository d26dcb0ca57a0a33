using System.Globalization;
using System.Text.Json;
using Sluice.Configuration;
using Sluice.Pricing;

namespace Sluice.Catalog;

/// <summary>Reads a record of a catalogue file. Throws <see cref="FormatException"/> that names the member and what would be right.</summary>
internal static class CatalogReader
{
    public static readonly HashSet<string> Known = new[]
    {
        "id", "name", "kind", "status", "released", "retires", "match", "context", "max_input", "max_output", "dimensions", "cache_min", "endpoints", "in", "out",
        "can", "cannot", "reasoning", "accepts", "prices", "tiers", "factors", "disputed", "note", "sources",
    }.ToHashSet(StringComparer.Ordinal);

    public static CatalogModel Read(string provider, JsonElement json, IReadOnlyList<string> sources, string origin)
    {
        string id = Text(json, "id") ?? throw new FormatException("'id' is missing");
        return new CatalogModel
        {
            Provider = provider,
            Id = id,
            Name = Text(json, "name"),
            Kind = Text(json, "kind") ?? "chat",
            Status = Text(json, "status") ?? "unknown",
            Released = Date(json, "released"),
            Retires = Date(json, "retires"),
            Match = Patterns(json, id),
            ContextWindow = Whole(json, "context"),
            MaxInputTokens = Whole(json, "max_input"),
            MaxOutputTokens = Whole(json, "max_output"),
            Dimensions = (int?)Whole(json, "dimensions"),
            CacheMinTokens = Whole(json, "cache_min"),
            Endpoints = Texts(json, "endpoints"),
            Input = Texts(json, "in"),
            Output = Texts(json, "out"),
            Capabilities = Texts(json, "can").Select(c => (c, true)).Concat(Texts(json, "cannot").Select(c => (c, false)))
                .ToDictionary(c => c.Item1, c => c.Item2, StringComparer.Ordinal),
            Reasoning = json.TryGetProperty("reasoning", out var reasoning) ? Reasoning(reasoning) : null,
            Accepts = Texts(json, "accepts"),
            Prices = PriceReader.Read(json, origin),
            Disputed = Texts(json, "disputed"),
            Note = Text(json, "note"),
            Sources = Sources(json, sources),
        };
    }

    /// <summary>The rules of a record: its own, or its id.</summary>
    public static IReadOnlyList<string> Patterns(JsonElement json, string id) => json.TryGetProperty("match", out _) ? Texts(json, "match") : [id];

    private static ReasoningFacts Reasoning(JsonElement json) => new()
    {
        Ways = Texts(json, "ways"),
        Efforts = Texts(json, "efforts"),
        DefaultEffort = Text(json, "default_effort"),
        OnByDefault = Flag(json, "on_by_default"),
        CanBeOff = Flag(json, "can_be_off"),
        OffUpToEffort = Text(json, "off_up_to_effort"),
        Lowest = Text(json, "lowest"),
        BudgetMin = Whole(json, "budget_min"),
        BudgetMax = Whole(json, "budget_max"),
    };

    // A file numbers its sources and lists them once; a record of a user may also name them in words.
    private static IReadOnlyDictionary<string, IReadOnlyList<string>> Sources(JsonElement json, IReadOnlyList<string> list)
    {
        if (!json.TryGetProperty("sources", out var sources)) return Empty<IReadOnlyList<string>>.Map;
        if (sources.ValueKind != JsonValueKind.Object) throw new FormatException("sources: an object is needed");
        return sources.EnumerateObject().ToDictionary(
            s => s.Name,
            s => (IReadOnlyList<string>)[.. s.Value.EnumerateArray().Select(n => n.ValueKind == JsonValueKind.Number ? list[n.GetInt32() - 1] : n.GetString()!)],
            StringComparer.Ordinal);
    }

    public static string? Text(JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new FormatException("an object is needed");
        if (!json.TryGetProperty(name, out var value)) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw new FormatException($"{name}: a text is needed");
    }

    public static string[] Texts(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value)) return [];
        if (value.ValueKind != JsonValueKind.Array) throw new FormatException($"{name}: a list of texts is needed");
        return [.. value.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.String && v.GetString() is { Length: > 0 } text ? text : throw new FormatException($"{name}: a list of texts is needed"))];
    }

    private static bool? Flag(JsonElement json, string name) => !json.TryGetProperty(name, out var value) ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw new FormatException($"{name}: true or false is needed");

    private static long? Whole(JsonElement json, string name) => !json.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= 0 ? number : throw new FormatException($"{name}: a whole number is needed");

    // Announcements sometimes name a month only; its first day is meant.
    private static DateOnly? Date(JsonElement json, string name) => Text(json, name) is not { } text ? null
        : DateOnly.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
        : throw new FormatException($"{name}: '{text}' is no date; write it as 2026-11-21");
}
