using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Writes images, documents and search results.</summary>
internal static class AnthropicMediaWriter
{
    /// <summary>Writes the members of a block; the caller has opened the object and adds cache marker and kept fields.</summary>
    public static void Write(Utf8JsonWriter writer, MediaPart part, WireNotes? own)
    {
        if (Shape.Has(own, "search_result"))
        {
            writer.WriteString("type"u8, "search_result"u8);
            WriteTexts(writer, part, own);
        }
        else
        {
            writer.WriteString("type"u8, Shape.Value(own, "type") ?? part.Kind.Value);
            WriteSource(writer, part, own);
        }
        if (part.Title is not null) writer.WriteString("title"u8, part.Title);
        WriteCitations(writer, part, own);
    }

    private static void WriteSource(Utf8JsonWriter writer, MediaPart part, WireNotes? own)
    {
        writer.WriteStartObject("source"u8);
        switch (part.Source)
        {
            case InlineMedia source:
                writer.WriteString("type"u8, "base64"u8);
                WriteMediaType(writer, source);
                writer.WriteString("data"u8, source.Base64);
                break;
            case UrlMedia source:
                writer.WriteString("type"u8, "url"u8);
                if (own is not null) WriteMediaType(writer, source);
                writer.WriteString("url"u8, source.Url);
                break;
            case FileMedia source:
                writer.WriteString("type"u8, "file"u8);
                if (own is not null) WriteMediaType(writer, source);
                writer.WriteString("file_id"u8, source.FileId);
                break;
            case TextMedia when Shape.Value(own, "content") is not null:
                writer.WriteString("type"u8, "content"u8);
                WriteTexts(writer, part, own);
                break;
            case TextMedia source:
                writer.WriteString("type"u8, "text"u8);
                if (own is null) writer.WriteString("media_type"u8, "text/plain"u8);
                else WriteMediaType(writer, source);
                writer.WriteString("data"u8, source.Text);
                break;
            default:
                throw new InvalidOperationException($"no source for {part.Source.GetType().Name}");
        }
        if (Shape.Value(own, "source") is { } rest) writer.WriteMembers(RawJson.FromText(rest));
        writer.WriteEndObject();
    }

    private static void WriteMediaType(Utf8JsonWriter writer, MediaSource source)
    {
        if (source.MediaType is not null) writer.WriteString("media_type"u8, source.MediaType);
    }

    // The blocks as they were, unless the text has been changed on the way.
    private static void WriteTexts(Utf8JsonWriter writer, MediaPart part, WireNotes? own)
    {
        writer.WritePropertyName("content"u8);
        string text = ((TextMedia)part.Source).Text;
        if (Shape.Value(own, "content") is { } spelled)
        {
            using var document = JsonDocument.Parse(spelled, Decoding.Pieces);
            if (AnthropicMediaReader.JoinTexts(document.RootElement) == text)
            {
                document.RootElement.WriteTo(writer);
                return;
            }
        }
        AnthropicBlockWriter.Brief().WriteList(writer, [new TextPart(text)]);
    }

    private static void WriteCitations(Utf8JsonWriter writer, MediaPart part, WireNotes? own)
    {
        string? rest = Shape.Value(own, "citations");
        if (part.CitationsEnabled is null && rest is null) return;
        writer.WriteStartObject("citations"u8);
        if (part.CitationsEnabled is { } enabled) writer.WriteBoolean("enabled"u8, enabled);
        if (rest is not null) writer.WriteMembers(RawJson.FromText(rest));
        writer.WriteEndObject();
    }
}
