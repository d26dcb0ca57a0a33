using System.Text.Json;
using Sluice.Configuration.Schema;

namespace Sluice.Configuration.Rendering;

/// <summary>Writes what JSON Schema says of single values.</summary>
internal static class JsonSchemaScalars
{
    private const string VariablePattern = "\\$\\{";

    /// <summary>The members that say what a single value may be.</summary>
    public static void WriteScalar(this Utf8JsonWriter writer, ScalarType type)
    {
        switch (type)
        {
            case BoolType:
                writer.WriteOrVariable(() => writer.WriteString("type", "boolean"));
                break;
            case IntegerType integer:
                writer.WriteOrVariable(() =>
                {
                    writer.WriteString("type", "integer");
                    writer.WriteNumber("minimum", integer.Min);
                    if (integer.Max < int.MaxValue) writer.WriteNumber("maximum", integer.Max);
                });
                break;
            case NumberType number:
                writer.WriteOrVariable(() =>
                {
                    writer.WriteString("type", "number");
                    writer.WriteNumber(number.AboveMin ? "exclusiveMinimum" : "minimum", number.Min);
                    if (number.Max < decimal.MaxValue) writer.WriteNumber("maximum", number.Max);
                });
                break;
            case EnumType words:
                writer.WriteOrVariable(() => writer.WriteNames("enum", words.Values));
                break;
            case DurationType:
                writer.WritePattern("^([0-9]+(\\.[0-9]+)?(ms|s|m|h|d))+$");
                break;
            case SizeType:
                writer.WritePattern("^[0-9]+(\\.[0-9]+)? ?([KMG]iB|[kKMG]B|B)$");
                break;
            case UrlType url:
                writer.WritePattern(url.MayBeNone ? "^(https?://|none$)" : "^https?://");
                break;
            case JsonPathType:
                writer.WritePattern(JsonPathType.Pattern);
                break;
            case ShapeType shape:
                writer.WritePattern(shape.Pattern, orNumber: shape == ShapeType.Identifier || shape == ShapeType.HeaderValue);
                break;
            default:
                // A key or a name that looks like a number is still text; Sluice keeps its spelling.
                writer.WriteTypes("string", "number");
                break;
        }
    }

    private static void WritePattern(this Utf8JsonWriter writer, string pattern, bool orNumber = false)
    {
        if (orNumber) writer.WriteTypes("string", "number");
        else writer.WriteString("type", "string");
        writer.WriteString("pattern", $"{pattern}|{VariablePattern}");
    }

    // Any value may be a variable instead.
    private static void WriteOrVariable(this Utf8JsonWriter writer, Action write)
    {
        writer.WriteStartArray("anyOf");
        writer.WriteStartObject();
        write();
        writer.WriteEndObject();
        writer.WriteStartObject();
        writer.WriteString("type", "string");
        writer.WriteString("pattern", VariablePattern);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    /// <summary>The member <c>type</c>.</summary>
    public static void WriteTypes(this Utf8JsonWriter writer, params string[] types) => writer.WriteNames("type", types);

    /// <summary>A member that is a list of strings; none for an empty list.</summary>
    public static void WriteNames(this Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        var all = values.ToList();
        if (all.Count == 0) return;
        writer.WriteStartArray(name);
        foreach (var value in all) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
