using System.Text.Json;

namespace Sluice.Parameters;

/// <summary>A subset of JSON Schema, as data: what some vendor's models understand of it. The embedded file <c>schema-subsets.json</c> has them all. Immutable.</summary>
internal sealed record SchemaSubset
{
    private static readonly Lazy<Dictionary<string, SchemaSubset>> File = new(Load);

    /// <summary>The root is a plain object: no <c>anyOf</c>, <c>oneOf</c>, <c>allOf</c>, <c>enum</c>, <c>not</c> or <c>$ref</c> there.</summary>
    public bool IsFlatAtRoot { get; init; }

    /// <summary>Every object says <c>additionalProperties: false</c>.</summary>
    public bool IsClosed { get; init; }

    /// <summary>Every property must be required; a schema with others cannot be held to.</summary>
    public bool NeedsAllRequired { get; init; }

    /// <summary><c>oneOf</c> is sent as <c>anyOf</c>.</summary>
    public bool OneOfAsAnyOf { get; init; }

    /// <summary><c>const</c> is sent as an <c>enum</c> of one.</summary>
    public bool ConstAsEnum { get; init; }

    /// <summary>An <c>allOf</c> of one schema is sent as that schema.</summary>
    public bool TakesSingleAllOf { get; init; }

    /// <summary>The largest <c>minItems</c> that is taken; <see langword="null"/> for any.</summary>
    public int? MostMinItems { get; init; }

    /// <summary>The values of <c>format</c> that are taken; <see langword="null"/> for any.</summary>
    public IReadOnlySet<string>? Formats { get; init; }

    /// <summary>Keywords that are left out, which is reported.</summary>
    public IReadOnlySet<string> Drop { get; init; } = new HashSet<string>();

    /// <summary>Keywords that are left out and demand nothing of an answer.</summary>
    public IReadOnlySet<string> Unsaid { get; init; } = new HashSet<string>();

    /// <summary>The same, at the root alone.</summary>
    public IReadOnlySet<string> UnsaidAtRoot { get; init; } = new HashSet<string>();

    /// <summary>A subset by its name; <see langword="null"/> for no name.</summary>
    public static SchemaSubset? Find(string? name) => name is null ? null : File.Value[name];

    private static Dictionary<string, SchemaSubset> Load()
    {
        using var stream = typeof(SchemaSubset).Assembly.GetManifestResourceStream("Sluice.Parameters.schema-subsets.json")!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.GetProperty("subsets").EnumerateObject().ToDictionary(s => s.Name, s => Read(s.Value), StringComparer.Ordinal);
    }

    private static SchemaSubset Read(JsonElement json) => new()
    {
        IsFlatAtRoot = Flag(json, "flat_root"),
        IsClosed = Flag(json, "closed"),
        NeedsAllRequired = Flag(json, "all_required"),
        OneOfAsAnyOf = Flag(json, "one_of_as_any_of"),
        ConstAsEnum = Flag(json, "const_as_enum"),
        TakesSingleAllOf = Flag(json, "single_all_of"),
        MostMinItems = json.TryGetProperty("most_min_items", out var most) ? most.GetInt32() : null,
        Formats = json.TryGetProperty("formats", out _) ? Names(json, "formats") : null,
        Drop = Names(json, "drop"),
        Unsaid = Names(json, "unsaid"),
        UnsaidAtRoot = Names(json, "unsaid_root"),
    };

    private static bool Flag(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.GetBoolean();

    private static HashSet<string> Names(JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) ? list.EnumerateArray().Select(n => n.GetString()!).ToHashSet(StringComparer.Ordinal) : [];
}
