using System.Text.Json;

namespace Sluice.Parameters;

/// <summary>One object that stands for a root that is a choice of schemas, or a union of them.</summary>
internal sealed class FlatSchema
{
    private static readonly string[] Choices = ["anyOf", "oneOf", "allOf"];

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>All properties that any branch has, in the order in which they are met.</summary>
    public List<KeyValuePair<string, JsonElement>> Properties { get; } = [];

    /// <summary>What is required whichever branch holds.</summary>
    public HashSet<string> Required { get; } = new(StringComparer.Ordinal);

    /// <summary>The keywords that are gone.</summary>
    public List<string> Lost { get; } = [];

    /// <summary>True for a member of the root that the flat form replaces.</summary>
    public static bool IsMerged(string name) => name is "anyOf" or "oneOf" or "allOf" or "enum" or "not" or "type" or "properties" or "required" or "additionalProperties";

    /// <summary>The flat form; <see langword="null"/> for a root that is one already.</summary>
    public static FlatSchema? Of(JsonElement root, Func<JsonElement, JsonElement> resolve)
    {
        bool plain = root.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("object"u8);
        if (plain && !root.EnumerateObject().Any(m => Choices.Contains(m.Name) || m.Name is "enum" or "not")) return null;
        var flat = new FlatSchema();
        flat.Take(root);
        flat.Required.UnionWith(SchemaFitter.Required(root));
        foreach (var member in root.EnumerateObject())
        {
            if (member.Name is "enum" or "not") flat.Lost.Add(member.Name);
            if (!Choices.Contains(member.Name)) continue;
            if (member.Value.ValueKind != JsonValueKind.Array) continue;
            flat.Lost.Add(member.Name);
            flat.Merge([.. member.Value.EnumerateArray().Select(resolve)], all: member.Name == "allOf");
        }
        return flat;
    }

    private void Merge(JsonElement[] branches, bool all)
    {
        HashSet<string>? common = null;
        foreach (var branch in branches)
        {
            if (branch.ValueKind != JsonValueKind.Object) continue;
            Take(branch);
            var required = SchemaFitter.Required(branch);
            if (all) Required.UnionWith(required);
            else if (common is null) common = required;
            else common.IntersectWith(required);
        }
        if (common is not null) Required.UnionWith(common);
    }

    private void Take(JsonElement schema)
    {
        if (!schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object) return;
        foreach (var property in properties.EnumerateObject())
        {
            if (_known.Add(property.Name)) Properties.Add(new(property.Name, property.Value));
        }
    }
}
