using System.Text;
using System.Text.Json;
using Sluice.Formats.Json;

namespace Sluice.Formats.Gemini;

/// <summary>Arguments of calls: an object on this wire, text elsewhere.</summary>
internal static class GeminiArguments
{
    /// <summary>True when the text is a JSON object and can be written as it is.</summary>
    public static bool IsObject(string text) => text.AsSpan().TrimStart().StartsWith("{") && IsJson(text);

    /// <summary>
    /// Writes arguments as an object. Text that is no JSON object (free text of a custom tool, arguments cut off by a limit) goes into a member <c>input</c>.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, string text, bool isCustom)
    {
        if (!isCustom && string.IsNullOrWhiteSpace(text))
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
        }
        else if (!isCustom && IsObject(text))
        {
            writer.WriteOneLine(text);
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteString("input"u8, text);
            writer.WriteEndObject();
        }
    }

    /// <summary>The free text that was asked for as a member <c>input</c>.</summary>
    public static string ToFreeText(string arguments)
    {
        using var document = JsonDocument.Parse(arguments, Decoding.Pieces);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("input"u8, out var input) && input.ValueKind == JsonValueKind.String
            ? input.GetString()!
            : arguments;
    }

    private static bool IsJson(string text)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { MaxDepth = 128 });
            while (reader.Read())
            {
                // Only the whole being well-formed is asked.
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
