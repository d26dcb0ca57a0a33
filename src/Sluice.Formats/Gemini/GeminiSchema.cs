using System.Text.Json;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>
/// Google's <c>Schema</c> (<c>parameters</c>, <c>responseSchema</c>: a subset of OpenAPI 3.0 with types in upper case, <c>nullable</c>, and 64-bit numbers as
/// text) turned into JSON Schema. <c>parametersJsonSchema</c> and <c>responseJsonSchema</c> are JSON Schema already.
/// </summary>
internal static class GeminiSchema
{
    // ai.google.dev/gemini-api/docs/structured-output, "JSON schema support"; annotations do not count.
    private static readonly HashSet<string> NotUnderstood = new(StringComparer.Ordinal)
    {
        "allOf", "contains", "const", "dependentRequired", "dependentSchemas", "else", "exclusiveMaximum", "exclusiveMinimum", "if", "multipleOf", "not",
        "patternProperties", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties", "uniqueItems",
    };

    public static RawJson ToJsonSchema(JsonElement schema) => JsonOutput.ToRaw(schema, static (writer, s) => Write(writer, s));

    /// <summary>
    /// JSON Schema for other formats: some clients write Google's words (types in upper case) where JSON Schema is wanted, which Google reads all the same.
    /// </summary>
    public static RawJson Lowered(RawJson schema) => schema.IsAbsent || !HasUpperTypes(schema.Utf8.Span) ? schema : ToJsonSchema(schema.ToElement());

    private static bool HasUpperTypes(ReadOnlySpan<byte> json)
    {
        foreach (string type in (ReadOnlySpan<string>)["OBJECT", "STRING", "ARRAY", "INTEGER", "NUMBER", "BOOLEAN", "NULL"])
        {
            if (json.IndexOf(System.Text.Encoding.UTF8.GetBytes($"\"{type}\"")) >= 0) return true;
        }
        return false;
    }

    /// <summary>The keywords of a JSON Schema that Gemini reads as no more than text, sorted; empty for none.</summary>
    public static IReadOnlyCollection<string> UnsupportedKeywords(RawJson schema)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        if (!schema.IsAbsent) Collect(schema.ToElement(), found);
        return found;
    }

    private static void Write(Utf8JsonWriter writer, JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            schema.WriteTo(writer);
            return;
        }
        bool nullable = IsNullable(schema);
        // A list of allowed values must not forbid the null that "nullable" allows: the list goes into a branch.
        bool inBranch = nullable && Member(schema, "enum") is not null;
        writer.WriteStartObject();
        if (inBranch)
        {
            writer.WriteStartArray("anyOf"u8);
            writer.WriteStartObject();
        }
        foreach (var member in schema.EnumerateObject()) WriteMember(writer, member, nullable && !inBranch);
        if (inBranch)
        {
            writer.WriteEndObject();
            WriteNullType(writer);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    private static void WriteMember(Utf8JsonWriter writer, JsonProperty member, bool nullable)
    {
        var value = member.Value;
        switch (Camel(member.Name))
        {
            case "nullable" or "propertyOrdering":
            case "type" when value.ValueKind == JsonValueKind.String && value.ValueEquals("TYPE_UNSPECIFIED"u8):
            case "format" when value.ValueKind == JsonValueKind.String && value.ValueEquals("enum"u8):
                break;
            case "type" when value.ValueKind == JsonValueKind.String:
                WriteType(writer, value.GetString()!.ToLowerInvariant(), nullable);
                break;
            case "type" when value.ValueKind == JsonValueKind.Array:
                writer.WriteStartArray("type"u8);
                foreach (var type in value.EnumerateArray()) writer.WriteStringValue(type.ValueKind == JsonValueKind.String ? type.GetString()!.ToLowerInvariant() : "null");
                writer.WriteEndArray();
                break;
            case "properties" when value.ValueKind == JsonValueKind.Object:
                WriteMap(writer, "properties", value);
                break;
            case "defs" or "$defs" when value.ValueKind == JsonValueKind.Object:
                WriteMap(writer, "$defs", value);
                break;
            case "ref" when value.ValueKind == JsonValueKind.String:
                writer.WriteString("$ref"u8, value.GetString()!.Replace("#/defs/", "#/$defs/", StringComparison.Ordinal));
                break;
            case "items" or "additionalProperties" or "not":
                writer.WritePropertyName(Camel(member.Name));
                Write(writer, value);
                break;
            case "anyOf" or "oneOf" or "allOf" or "prefixItems" when value.ValueKind == JsonValueKind.Array:
                WriteBranches(writer, Camel(member.Name), value, nullable);
                break;
            case "example":
                writer.WriteStartArray("examples"u8);
                value.WriteTo(writer);
                writer.WriteEndArray();
                break;
            case "minItems" or "maxItems" or "minLength" or "maxLength" or "minProperties" or "maxProperties":
                writer.WritePropertyName(Camel(member.Name));
                if (value.ValueKind == JsonValueKind.String && long.TryParse(value.GetString(), out long number)) writer.WriteNumberValue(number);
                else value.WriteTo(writer);
                break;
            case var name:
                writer.WritePropertyName(name);
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteType(Utf8JsonWriter writer, string type, bool nullable)
    {
        if (!nullable || type == "null")
        {
            writer.WriteString("type"u8, type);
            return;
        }
        writer.WriteStartArray("type"u8);
        writer.WriteStringValue(type);
        writer.WriteStringValue("null"u8);
        writer.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter writer, string name, JsonElement map)
    {
        writer.WriteStartObject(name);
        foreach (var member in map.EnumerateObject())
        {
            writer.WritePropertyName(member.Name);
            Write(writer, member.Value);
        }
        writer.WriteEndObject();
    }

    private static void WriteBranches(Utf8JsonWriter writer, string name, JsonElement branches, bool nullable)
    {
        writer.WriteStartArray(name);
        foreach (var branch in branches.EnumerateArray()) Write(writer, branch);
        if (nullable && name == "anyOf") WriteNullType(writer);
        writer.WriteEndArray();
    }

    private static void WriteNullType(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "null"u8);
        writer.WriteEndObject();
    }

    private static bool IsNullable(JsonElement schema) => Member(schema, "nullable") is { ValueKind: JsonValueKind.True };

    private static JsonElement? Member(JsonElement schema, string name) => schema.TryGetProperty(name, out var value) ? value : null;

    // Keywords may be in snake case; none of JSON Schema's own has an underscore.
    private static string Camel(string name)
    {
        int at = name.IndexOf('_');
        if (at < 0 || name[0] == '$') return name;
        return string.Concat(name.Split('_').Select((word, i) => i == 0 || word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
    }

    private static void Collect(JsonElement schema, SortedSet<string> found)
    {
        if (schema.ValueKind != JsonValueKind.Object) return;
        foreach (var member in schema.EnumerateObject())
        {
            if (NotUnderstood.Contains(member.Name)) found.Add(member.Name);
            switch (member.Name)
            {
                case "properties" or "$defs" or "definitions" when member.Value.ValueKind == JsonValueKind.Object:
                    foreach (var inner in member.Value.EnumerateObject()) Collect(inner.Value, found);
                    break;
                case "items" or "additionalProperties":
                    Collect(member.Value, found);
                    break;
                case "anyOf" or "oneOf" or "allOf" or "prefixItems" when member.Value.ValueKind == JsonValueKind.Array:
                    foreach (var inner in member.Value.EnumerateArray()) Collect(inner, found);
                    break;
                default:
                    break;
            }
        }
    }
}
