using System.Text.Json;
using Sluice.Chat;

namespace Sluice.Formats.Gemini;

/// <summary>
/// <c>functionResponse.response</c>: always an object. "Use <c>output</c> to specify function output and <c>error</c> to specify error details; if neither is
/// specified, the whole response is treated as function output" (@google/genai <c>FunctionResponse</c>); SDKs wrap plain values in <c>result</c>,
/// <c>return_value</c> or <c>content</c>.
/// </summary>
internal static class GeminiResults
{
    /// <summary>The text of a result for formats that have no objects: the wrapped value, or the whole object as JSON.</summary>
    public static (string Text, bool? IsError) TextOf(JsonElement response)
    {
        if (response.ValueKind != JsonValueKind.Object) return (response.ValueKind == JsonValueKind.String ? response.GetString()! : response.GetRawText(), null);
        using var members = response.EnumerateObject();
        if (!members.MoveNext()) return ("{}", null);
        var only = members.Current;
        if (members.MoveNext() || only.Name is not ("output" or "result" or "return_value" or "content" or "error")) return (response.GetRawText(), null);
        string text = only.Value.ValueKind == JsonValueKind.String ? only.Value.GetString()! : only.Value.GetRawText();
        return (text, only.Name == "error" ? true : null);
    }

    /// <summary>Writes a result as an object. Text stays text, even where it is JSON: as a protocol-buffer value its long numbers would lose digits.</summary>
    public static void Write(Utf8JsonWriter writer, ToolResultPart result)
    {
        if (!result.Structured.IsAbsent && result.Structured.Utf8.Span[0] == (byte)'{')
        {
            result.Structured.WriteTo(writer);
            return;
        }
        writer.WriteStartObject();
        writer.WriteString(result.IsError == true ? "error"u8 : "result"u8, Text(result.Content));
        writer.WriteEndObject();
    }

    // Pieces of text follow one another as they are, as their makers count on.
    private static string Text(IReadOnlyList<Part> content) => content switch
    {
        [] => "",
        [TextPart only] => only.Text,
        _ => string.Concat(content.Select(p => p is TextPart text ? text.Text : "")),
    };
}
