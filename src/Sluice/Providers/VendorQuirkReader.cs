using System.Text.Json;

namespace Sluice.Providers;

/// <summary>Reads the quirks of a vendor's entry.</summary>
internal static class VendorQuirkReader
{
    public static VendorQuirks Read(JsonElement json) => new()
    {
        Roles = Map(json, "roles", static value => value.GetString()!),
        Lengths = Map(json, "lengths", static value => value.GetInt32()),
        CarefulLengths = Map(json, "careful_lengths", static value => value.GetInt32()),
        Metadata = json.TryGetProperty("metadata", out var bounds) ? new MetadataBounds(bounds[0].GetInt32(), bounds[1].GetInt32(), bounds[2].GetInt32()) : null,
        RefusesEmptyTools = json.TryGetProperty("refuses_empty_tools", out var refuses) && refuses.GetBoolean(),
        Schemas = json.TryGetProperty("schemas", out var schemas) ? [.. schemas.EnumerateArray().Select(Schemas)] : [],
    };

    private static VendorSchemas Schemas(JsonElement json) => new(Text(json, "models") ?? "*")
    {
        Tools = Text(json, "tools"),
        StrictTools = Text(json, "strict_tools"),
        Answers = Text(json, "answers"),
        StrictAnswers = Text(json, "strict_answers"),
    };

    private static Dictionary<string, T> Map<T>(JsonElement json, string name, Func<JsonElement, T> read) =>
        json.TryGetProperty(name, out var map) ? map.EnumerateObject().ToDictionary(m => m.Name, m => read(m.Value), StringComparer.Ordinal) : [];

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
