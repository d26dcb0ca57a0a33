using System.Text.Json;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Parameters;

/// <summary>Writes one JSON Schema in a subset of the language. What had to be left out is named in <see cref="Lost"/>.</summary>
internal sealed class SchemaFitter
{
    private const int MaxDepth = 256;
    private readonly SchemaSubset _subset;
    private readonly JsonElement _root;

    private SchemaFitter(JsonElement root, SchemaSubset subset) => (_root, _subset) = (root, subset);

    /// <summary>The keywords that were left out.</summary>
    public SortedSet<string> Lost { get; } = new(StringComparer.Ordinal);

    /// <summary>True for a schema with properties that need not be there, where the subset has none such.</summary>
    public bool HasOptional { get; private set; }

    /// <summary>The schema in the subset's words.</summary>
    public RawJson Schema { get; private set; }

    /// <summary>Fits a schema; <see langword="null"/> for what is no object.</summary>
    public static SchemaFitter? Fit(RawJson schema, SchemaSubset subset)
    {
        if (schema.IsAbsent) return null;
        using var document = JsonDocument.Parse(schema.Utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
        if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
        var fitter = new SchemaFitter(document.RootElement, subset);
        fitter.Schema = JsonOutput.ToRaw(fitter, static (writer, f) =>
        {
            if (f._subset.IsFlatAtRoot) f.WriteRoot(writer);
            else f.Write(writer, f._root);
        });
        return fitter;
    }

    // A root that is a choice becomes one object with all that any of the choices has.
    private void WriteRoot(Utf8JsonWriter writer)
    {
        var root = Resolved(_root);
        var flat = FlatSchema.Of(root, Resolved);
        bool isReference = _root.TryGetProperty("$ref", out _);
        if (flat is null && !isReference)
        {
            Write(writer, root, isRoot: true);
            return;
        }
        writer.WriteStartObject();
        foreach (var member in root.EnumerateObject())
        {
            if (flat is not null && FlatSchema.IsMerged(member.Name)) continue;
            WriteMember(writer, member, isRoot: true);
        }
        // Definitions stand beside a reference that was the root.
        if (isReference)
        {
            foreach (var member in _root.EnumerateObject().Where(m => m.Name is "$defs" or "definitions" && !root.TryGetProperty(m.Name, out _))) WriteMember(writer, member, isRoot: true);
        }
        if (flat is not null) WriteFlat(writer, flat);
        else End(writer, root);
        writer.WriteEndObject();
    }

    private void WriteFlat(Utf8JsonWriter writer, FlatSchema flat)
    {
        Lost.UnionWith(flat.Lost);
        writer.WriteString("type"u8, "object"u8);
        writer.WriteStartObject("properties"u8);
        foreach (var (name, property) in flat.Properties)
        {
            writer.WritePropertyName(name);
            Write(writer, property);
        }
        writer.WriteEndObject();
        if (flat.Required.Count > 0)
        {
            writer.WriteStartArray("required"u8);
            foreach (string name in flat.Required) writer.WriteStringValue(name);
            writer.WriteEndArray();
        }
        if (_subset.IsClosed) writer.WriteBoolean("additionalProperties"u8, false);
        HasOptional |= _subset.NeedsAllRequired && flat.Required.Count < flat.Properties.Count;
    }

    private void Write(Utf8JsonWriter writer, JsonElement schema, bool isRoot = false)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            schema.WriteTo(writer);
            return;
        }
        if (_subset.TakesSingleAllOf && schema.TryGetProperty("allOf", out var all) && all.ValueKind == JsonValueKind.Array && all.GetArrayLength() == 1 && schema.EnumerateObject().All(m => m.Name is "allOf" or "description" or "title" or "default"))
        {
            Write(writer, all[0]);
            return;
        }
        writer.WriteStartObject();
        foreach (var member in schema.EnumerateObject()) WriteMember(writer, member, isRoot);
        End(writer, schema);
        writer.WriteEndObject();
    }

    private void End(Utf8JsonWriter writer, JsonElement schema)
    {
        if (!_subset.IsClosed || !IsObject(schema)) return;
        writer.WriteBoolean("additionalProperties"u8, false);
        if (!_subset.NeedsAllRequired || !schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object) return;
        var required = Required(schema);
        HasOptional |= properties.EnumerateObject().Any(p => !required.Contains(p.Name));
    }

    private void WriteMember(Utf8JsonWriter writer, JsonProperty member, bool isRoot)
    {
        var value = member.Value;
        if (_subset.Unsaid.Contains(member.Name) || (isRoot && _subset.UnsaidAtRoot.Contains(member.Name))) return;
        if (member.Name == "additionalProperties" && _subset.IsClosed)
        {
            if (value.ValueKind == JsonValueKind.Object) Lost.Add(member.Name);
            return;
        }
        if (IsRefused(member))
        {
            Lost.Add(member.Name);
            return;
        }
        switch (member.Name)
        {
            case "properties" or "$defs" or "definitions" or "patternProperties" or "dependentSchemas" when value.ValueKind == JsonValueKind.Object:
                writer.WriteStartObject(member.Name);
                foreach (var inner in value.EnumerateObject())
                {
                    writer.WritePropertyName(inner.Name);
                    Write(writer, inner.Value);
                }
                writer.WriteEndObject();
                break;
            case "items" or "additionalProperties" or "not" or "contains" or "propertyNames" or "if" or "then" or "else" or "unevaluatedProperties" or "unevaluatedItems":
                writer.WritePropertyName(member.Name);
                Write(writer, value);
                break;
            case "anyOf" or "oneOf" or "allOf" or "prefixItems" when value.ValueKind == JsonValueKind.Array:
                writer.WriteStartArray(member.Name == "oneOf" && _subset.OneOfAsAnyOf ? "anyOf" : member.Name);
                foreach (var inner in value.EnumerateArray()) Write(writer, inner);
                writer.WriteEndArray();
                break;
            case "const" when _subset.ConstAsEnum:
                writer.WriteStartArray("enum"u8);
                value.WriteTo(writer);
                writer.WriteEndArray();
                break;
            default:
                member.WriteTo(writer);
                break;
        }
    }

    private bool IsRefused(JsonProperty member) => member.Name switch
    {
        _ when _subset.Drop.Contains(member.Name) => true,
        "format" when _subset.Formats is { } known => member.Value.ValueKind != JsonValueKind.String || !known.Contains(member.Value.GetString()!),
        "minItems" when _subset.MostMinItems is { } most => member.Value.ValueKind != JsonValueKind.Number || !member.Value.TryGetInt32(out int least) || least > most,
        _ => false,
    };

    // Only definitions of the document itself are looked up, and only at its root.
    private JsonElement Resolved(JsonElement schema)
    {
        for (int i = 0; i < MaxDepth && schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference) && reference.ValueKind == JsonValueKind.String; i++)
        {
            string[] steps = reference.GetString()!.Split('/');
            if (steps is not ["#", var holder, var name] || !_root.TryGetProperty(holder, out var definitions) || definitions.ValueKind != JsonValueKind.Object || !definitions.TryGetProperty(name, out var found)) break;
            schema = found;
        }
        return schema;
    }

    private static bool IsObject(JsonElement schema) => schema.TryGetProperty("type", out var type)
        ? type.ValueKind == JsonValueKind.String ? type.ValueEquals("object"u8) : type.ValueKind == JsonValueKind.Array && type.EnumerateArray().Any(t => t.ValueKind == JsonValueKind.String && t.ValueEquals("object"u8))
        : schema.TryGetProperty("properties", out _);

    /// <summary>The names that a schema requires.</summary>
    internal static HashSet<string> Required(JsonElement schema) =>
        schema.TryGetProperty("required", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(n => n.ValueKind == JsonValueKind.String).Select(n => n.GetString()!).ToHashSet(StringComparer.Ordinal)
            : [];
}
