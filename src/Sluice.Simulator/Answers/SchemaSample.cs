using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Answers;

/// <summary>Makes a JSON value that fits a schema: JSON Schema, or Gemini's subset of OpenAPI with its types in capitals.</summary>
internal static class SchemaSample
{
    private const int MaxDepth = 12;

    public static string Make(JsonElement? schema, string text)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            if (schema is { ValueKind: JsonValueKind.Object } given)
            {
                Write(writer, given, given, "value", text, 0);
            }
            else
            {
                writer.WriteStartObject();
                writer.WriteString("answer", "You said: " + text);
                writer.WriteEndObject();
            }
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement root, JsonElement schema, string name, string text, int depth)
    {
        schema = Resolve(root, schema, depth);
        if (depth > MaxDepth || schema.ValueKind != JsonValueKind.Object)
        {
            writer.WriteNullValue();
            return;
        }

        if (schema.Has("const", out var constant))
        {
            constant.WriteTo(writer);
        }
        else if (schema.Items("enum") is var choices && choices.MoveNext())
        {
            choices.Current.WriteTo(writer);
        }
        else
        {
            WriteOfType(writer, root, schema, name, text, depth);
        }
    }

    private static void WriteOfType(Utf8JsonWriter writer, JsonElement root, JsonElement schema, string name, string text, int depth)
    {
        switch (TypeOf(schema))
        {
            case "object":
                writer.WriteStartObject();
                if (schema.Has("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
                {
                    var required = schema.Items("required").Select(item => item.GetString()).ToHashSet();
                    foreach (var property in properties.EnumerateObject())
                    {
                        // Optional members end recursive schemas; required ones must be there whatever the depth.
                        if (depth > 4 && !required.Contains(property.Name))
                            continue;
                        writer.WritePropertyName(property.Name);
                        Write(writer, root, property.Value, property.Name, text, depth + 1);
                    }
                }

                writer.WriteEndObject();
                break;
            case "array":
                writer.WriteStartArray();
                for (var i = 0; i < Math.Clamp(schema.Number("minItems") ?? (depth > 4 ? 0 : 1), 0, 100); i++)
                {
                    if (schema.Has("items", out var items) && items.ValueKind == JsonValueKind.Object)
                        Write(writer, root, items, name, text, depth + 1);
                    else
                        writer.WriteStringValue(SampleText.Make(schema, name, text));
                }

                writer.WriteEndArray();
                break;
            case "integer":
                writer.WriteNumberValue((long)SampleText.Number(schema, text));
                break;
            case "number":
                writer.WriteNumberValue(SampleText.Number(schema, text));
                break;
            case "boolean":
                writer.WriteBooleanValue(true);
                break;
            case "null":
                writer.WriteNullValue();
                break;
            default:
                writer.WriteStringValue(SampleText.Make(schema, name, text));
                break;
        }
    }

    private static JsonElement Resolve(JsonElement root, JsonElement schema, int depth)
    {
        for (var hops = 0; hops < 16 && depth <= MaxDepth; hops++)
        {
            if (schema.Text("$ref") is { } reference)
            {
                var target = root;
                foreach (var step in reference.Split('/').Skip(1))
                {
                    if (!target.Has(step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal), out target))
                        return default;
                }

                schema = target;
                continue;
            }

            var found = false;
            foreach (var keyword in (ReadOnlySpan<string>)["anyOf", "oneOf", "allOf"])
            {
                foreach (var option in schema.Items(keyword))
                {
                    if (option.Text("type") == "null")
                        continue;
                    (schema, found) = (option, true);
                    break;
                }

                if (found)
                    break;
            }

            if (!found)
                break;
        }

        return schema;
    }

    private static string TypeOf(JsonElement schema)
    {
        if (schema.Has("type", out var type))
        {
            if (type.ValueKind == JsonValueKind.String)
                return type.GetString()!.ToLowerInvariant();
            foreach (var option in type.Items())
            {
                if (option.GetString() is { } name and not "null")
                    return name.ToLowerInvariant();
            }

            return "null";
        }

        return schema.Has("properties", out _) ? "object" : schema.Has("items", out _) ? "array" : "string";
    }
}
