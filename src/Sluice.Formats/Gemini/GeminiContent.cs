using System.Text.Json;
using Sluice.Chat;

namespace Sluice.Formats.Gemini;

/// <summary>What one chunk of a stream says: a piece of text or thought, or a part that came whole.</summary>
internal readonly record struct GeminiContent
{
    /// <summary>A piece of text.</summary>
    public string? Text { get; init; }

    /// <summary>The piece is thought.</summary>
    public bool IsThought { get; init; }

    /// <summary>A signature beside it.</summary>
    public string? Signature { get; init; }

    /// <summary>A part that came whole; <see langword="null"/> for a piece of text.</summary>
    public Part? Part { get; init; }

    public void Write(Utf8JsonWriter writer)
    {
        if (Part is not null)
        {
            GeminiPartWriter.Write(writer, Part, Signature);
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("text"u8, Text);
        if (IsThought) writer.WriteBoolean("thought"u8, true);
        if (Signature is not null) writer.WriteString("thoughtSignature"u8, Signature);
        writer.WriteEndObject();
    }
}
