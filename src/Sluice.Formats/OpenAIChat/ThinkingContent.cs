using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Mistral's <c>thinking</c> part of a content (@mistralai/mistralai <c>ThinkChunk</c>): a list of text pieces, with a signature for later turns.</summary>
internal static class ThinkingContent
{
    /// <summary>True for a part that was read from a content of this kind, so that it goes back there.</summary>
    public static bool IsContent(ReasoningPart part, WireFormatId format) => part.Notes.Has(format, "~thinking_part");

    /// <summary>Writes a part.</summary>
    /// <param name="output">The writer, inside the content's list.</param>
    /// <param name="text">The reasoning; empty for a part that only brings the signature.</param>
    /// <param name="signature">The signature, of any family.</param>
    public static void Write(Utf8JsonWriter output, string text, Signature? signature)
    {
        output.WriteStartObject();
        output.WriteString("type", "thinking");
        WritePieces(output, text);
        if (signature is not null) output.WriteString("signature", SignatureEnvelope.Write(signature, "mistral"));
        output.WriteEndObject();
    }

    /// <summary>Writes the list of pieces: one, or none for no text.</summary>
    public static void WritePieces(Utf8JsonWriter output, string text)
    {
        output.WriteStartArray("thinking");
        if (text.Length > 0)
        {
            output.WriteStartObject();
            output.WriteString("type", "text");
            output.WriteString("text", text);
            output.WriteEndObject();
        }
        output.WriteEndArray();
    }
}
