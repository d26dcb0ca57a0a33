using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>
/// Makes a JSON Schema acceptable for structured answers: objects are closed, and keywords that the API refuses are left out. Which those are is
/// known from the vendor's SDK (<c>transform-json-schema</c>).
/// </summary>
internal static class AnthropicSchema
{
    private static readonly FrozenSet<string> Refused = FrozenSet.Create(
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern", "maxItems", "uniqueItems", "minContains",
        "maxContains", "minProperties", "maxProperties", "patternProperties", "propertyNames", "contains", "if", "then", "else", "not", "dependentRequired", "dependentSchemas");

    private static readonly FrozenSet<string> Formats = FrozenSet.Create("date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid");

    /// <summary>Closes a schema.</summary>
    /// <param name="schema">JSON Schema.</param>
    /// <param name="loosened">True when something that the schema demands had to be left out.</param>
    public static RawJson Close(RawJson schema, out bool loosened)
    {
        var found = new Findings();
        using var document = JsonDocument.Parse(schema.Utf8, Decoding.Pieces);
        var closed = JsonOutput.ToRaw((document.RootElement, found), static (writer, s) => WriteSchema(writer, s.RootElement, s.found));
        loosened = found.Loosened;
        return closed;
    }

    private static void WriteSchema(Utf8JsonWriter writer, JsonElement schema, Findings found)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            schema.WriteTo(writer);
            return;
        }
        writer.WriteStartObject();
        foreach (var member in schema.EnumerateObject())
        {
            switch (member.Name)
            {
                case "$schema":
                    break;
                case "additionalProperties":
                    found.Loosened |= member.Value.ValueKind == JsonValueKind.Object;
                    break;
                case "properties" or "$defs" or "definitions" when member.Value.ValueKind == JsonValueKind.Object:
                    writer.WriteStartObject(member.Name);
                    foreach (var child in member.Value.EnumerateObject())
                    {
                        writer.WritePropertyName(child.Name);
                        WriteSchema(writer, child.Value, found);
                    }
                    writer.WriteEndObject();
                    break;
                case "items":
                    writer.WritePropertyName(member.Name);
                    WriteSchema(writer, member.Value, found);
                    break;
                case "anyOf" or "oneOf" or "allOf" when member.Value.ValueKind == JsonValueKind.Array:
                    found.Loosened |= member.Name == "oneOf";
                    writer.WriteStartArray(member.Name == "oneOf" ? "anyOf" : member.Name);
                    foreach (var child in member.Value.EnumerateArray()) WriteSchema(writer, child, found);
                    writer.WriteEndArray();
                    break;
                default:
                    if (IsRefused(member)) found.Loosened = true;
                    else member.WriteTo(writer);
                    break;
            }
        }
        if (IsObject(schema)) writer.WriteBoolean("additionalProperties"u8, false);
        writer.WriteEndObject();
    }

    private static bool IsRefused(JsonProperty member) => member.Name switch
    {
        "format" => member.Value.ValueKind != JsonValueKind.String || !Formats.Contains(member.Value.GetString()!),
        "minItems" => member.Value.ValueKind != JsonValueKind.Number || !member.Value.TryGetInt32(out int n) || n is not (0 or 1),
        _ => Refused.Contains(member.Name),
    };

    private static bool IsObject(JsonElement schema) => schema.Get("type"u8) is { } type
        ? type.ValueKind == JsonValueKind.String ? type.ValueEquals("object"u8) : type.ValueKind == JsonValueKind.Array && type.EnumerateArray().Any(t => t.ValueKind == JsonValueKind.String && t.ValueEquals("object"u8))
        : schema.Get("properties"u8) is not null;

    private sealed class Findings
    {
        public bool Loosened { get; set; }
    }
}
