using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Shared;

/// <summary>Arguments of calls for formats that know only functions: a call of a free-text tool becomes one with a single argument.</summary>
internal static class FunctionArguments
{
    /// <summary>The arguments as JSON text; <c>{}</c> where there are none.</summary>
    /// <param name="call">The call.</param>
    /// <param name="format">The format's name for users.</param>
    /// <param name="path">Where the call stands.</param>
    /// <param name="losses">Where to report.</param>
    public static string Of(ToolCallPart call, string format, string path, LossReport losses)
    {
        if (!call.IsCustom) return string.IsNullOrWhiteSpace(call.Arguments) ? "{}" : call.Arguments;
        losses.Changed($"{path}.arguments", $"{format} has no tools of free text; the text stands under 'input'");
        return Wrap(call.Arguments);
    }

    /// <summary>True for JSON text of an object.</summary>
    public static bool IsObject(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{")) return false;
        try
        {
            using var document = JsonDocument.Parse(text, Decoding.Pieces);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary><c>{"input": "..."}</c>.</summary>
    public static string Wrap(string text) => JsonOutput.ToRaw(text, static (writer, input) =>
    {
        writer.WriteStartObject();
        writer.WriteString("input"u8, input);
        writer.WriteEndObject();
    }).ToString();
}
