using System.Text.Json;

namespace Sluice.Formats.CohereChat;

/// <summary>One piece of a message: a text or a picture.</summary>
/// <param name="Text">The text; <see langword="null"/> for a picture.</param>
/// <param name="Url">The picture's address or <c>data:</c> URL.</param>
/// <param name="Detail">How closely to look: <c>auto</c>, <c>low</c> or <c>high</c>.</param>
internal readonly record struct CohereContent(string? Text, string? Url, string? Detail)
{
    /// <summary>A text.</summary>
    public static CohereContent OfText(string text) => new(text, null, null);

    /// <summary>A picture.</summary>
    public static CohereContent OfImage(string url, string? detail) => new(null, url, detail is "auto" or "low" or "high" ? detail : null);

    /// <summary>Writes the member <c>content</c>: a string where it is one text, else a list.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<CohereContent> pieces, bool textOnly)
    {
        if (pieces.Count == 0 || (pieces.Count == 1 && pieces[0].Text is not null) || textOnly)
        {
            writer.WriteString("content"u8, string.Join("\n\n", pieces.Select(p => p.Text)));
            return;
        }
        writer.WriteStartArray("content"u8);
        foreach (var piece in pieces) piece.Write(writer);
        writer.WriteEndArray();
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (Text is not null)
        {
            writer.WriteString("type"u8, "text"u8);
            writer.WriteString("text"u8, Text);
        }
        else
        {
            writer.WriteString("type"u8, "image_url"u8);
            writer.WriteStartObject("image_url"u8);
            writer.WriteString("url"u8, Url);
            if (Detail is not null) writer.WriteString("detail"u8, Detail);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }
}
