using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>
/// The signature of a tool call: Gemini's, under <c>extra_content.google.thought_signature</c> of the call (ai.google.dev/gemini-api/docs/openai, "Thought
/// signatures"). Towards clients the same place carries the payload of any family, in an envelope.
/// </summary>
internal static class ThoughtSignature
{
    /// <summary>Reads the signature of a call; whatever else stands there is kept.</summary>
    public static Signature? Read(JsonElement call, NotesBuilder notes)
    {
        if (call.Get("extra_content"u8) is not { } extra) return null;
        if (extra.Get("google"u8)?.Text("thought_signature"u8) is not { Length: > 0 } value)
        {
            if (extra.ValueKind != JsonValueKind.Object || extra.GetPropertyCount() > 0) notes.Keep("extra_content", RawJson.From(extra));
            return null;
        }
        if (extra.GetPropertyCount() > 1 || extra.GetProperty("google").GetPropertyCount() > 1) notes.Spell("~extra_content", extra.GetRawText());
        return SignatureEnvelope.Read(value, "gemini");
    }

    /// <summary>Reads the signature of a streamed call.</summary>
    public static Signature? Read(JsonElement call) =>
        call.Get("extra_content"u8)?.Get("google"u8)?.Text("thought_signature"u8) is { Length: > 0 } value ? SignatureEnvelope.Read(value, "gemini") : null;

    /// <summary>Writes the member.</summary>
    public static void Write(Utf8JsonWriter output, Signature signature)
    {
        output.WriteStartObject("extra_content");
        output.WriteStartObject("google");
        output.WriteString("thought_signature", SignatureEnvelope.Write(signature, "gemini"));
        output.WriteEndObject();
        output.WriteEndObject();
    }
}
