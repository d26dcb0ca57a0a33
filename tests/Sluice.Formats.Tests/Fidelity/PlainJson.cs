using System.Text;
using System.Text.Json;

namespace Sluice.Formats.Tests.Fidelity;

/// <summary>Forgiving access to JSON: what is absent is an undefined element, an empty list, an empty text.</summary>
internal static class PlainJson
{
    public static JsonElement At(this JsonElement element, params string[] names)
    {
        foreach (string name in names)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return default;
        }
        return element.ValueKind == JsonValueKind.Null ? default : element;
    }

    /// <summary>The first of several spellings.</summary>
    public static JsonElement Any(this JsonElement element, params string[] names) => names.Select(n => element.At(n)).FirstOrDefault(e => e.Is());

    public static bool Is(this JsonElement element) => element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    public static string Str(this JsonElement element, params string[] names) => element.At(names) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    public static IEnumerable<JsonElement> List(this JsonElement element, params string[] names) => element.At(names) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>JSON with its members in order of name and its numbers by value, so that texts can be compared.</summary>
    public static string Canonical(this JsonElement element)
    {
        var text = new StringBuilder();
        Write(element, text);
        return text.ToString();
    }

    /// <summary>The same for JSON in a string; text that is none stays.</summary>
    public static string Canonical(string json)
    {
        try
        {
            return json.Length == 0 ? "{}" : JsonDocument.Parse(json).RootElement.Canonical();
        }
        catch (JsonException)
        {
            return json;
        }
    }

    private static void Write(JsonElement element, StringBuilder text)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var member in element.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    text.Append(member.Name).Append(':');
                    Write(member.Value, text);
                    text.Append(',');
                }
                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in element.EnumerateArray())
                {
                    Write(item, text);
                    text.Append(',');
                }
                text.Append(']');
                break;
            case JsonValueKind.Number: text.Append(element.GetDouble().ToString("R", System.Globalization.CultureInfo.InvariantCulture)); break;
            case JsonValueKind.Undefined: break;
            default: text.Append(element.GetRawText()); break;
        }
    }
}
