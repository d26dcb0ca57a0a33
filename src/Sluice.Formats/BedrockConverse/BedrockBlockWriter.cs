using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.AnthropicMessages;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.BedrockConverse;

/// <summary>Writes parts as content blocks: objects with one member that names the kind.</summary>
/// <param name="context">Learns the names of tools that have to change.</param>
internal sealed class BedrockBlockWriter(TranslationContext context)
{
    private int _documents;

    /// <summary>Writes blocks, each with its cache point.</summary>
    public void WriteList(Utf8JsonWriter writer, IReadOnlyList<Part> parts)
    {
        writer.WriteStartArray();
        foreach (var part in parts)
        {
            Write(writer, part);
            WriteCachePoint(writer, part.Cache);
        }
        writer.WriteEndArray();
    }

    /// <summary>Writes a cache point as an item of its own.</summary>
    public static void WriteCachePoint(Utf8JsonWriter writer, CacheMarker? cache)
    {
        if (cache is null) return;
        writer.WriteStartObject();
        writer.WriteStartObject("cachePoint"u8);
        writer.WriteString("type"u8, "default"u8);
        if (cache.Ttl == "1h") writer.WriteString("ttl"u8, cache.Ttl);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void Write(Utf8JsonWriter writer, Part part)
    {
        writer.WriteStartObject();
        switch (part)
        {
            case TextPart p: writer.WriteString("text"u8, p.Text); break;
            case ReasoningPart p: WriteReasoning(writer, p); break;
            case ToolCallPart p: WriteToolUse(writer, p); break;
            case ToolResultPart p: WriteToolResult(writer, p); break;
            case MediaPart p: WriteMedia(writer, p); break;
            default: throw new InvalidOperationException($"no block for {part.GetType().Name}");
        }
        writer.WriteEndObject();
    }

    // A redacted payload is bytes here, so it is base64 of what Anthropic's own API gives as text.
    private static void WriteReasoning(Utf8JsonWriter writer, ReasoningPart part)
    {
        writer.WriteStartObject("reasoningContent"u8);
        if (part.IsRedacted)
        {
            writer.WriteString("redactedContent"u8, Convert.ToBase64String(Encoding.UTF8.GetBytes(part.Signature!.Value)));
        }
        else
        {
            writer.WriteStartObject("reasoningText"u8);
            writer.WriteString("text"u8, part.Text);
            writer.WriteString("signature"u8, part.Signature!.Value);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private void WriteToolUse(Utf8JsonWriter writer, ToolCallPart part)
    {
        writer.WriteStartObject("toolUse"u8);
        writer.WriteString("toolUseId"u8, part.CallId);
        writer.WriteString("name"u8, ToolNames.Fit(part.Name, context));
        writer.WritePropertyName("input"u8);
        AnthropicToolInput.Write(writer, part with { Notes = null });
        writer.WriteEndObject();
    }

    private void WriteToolResult(Utf8JsonWriter writer, ToolResultPart part)
    {
        writer.WriteStartObject("toolResult"u8);
        writer.WriteString("toolUseId"u8, part.CallId);
        writer.WritePropertyName("content"u8);
        WriteList(writer, part.Content);
        if (part.IsError == true) writer.WriteString("status"u8, "error"u8);
        writer.WriteEndObject();
    }

    private void WriteMedia(Utf8JsonWriter writer, MediaPart part)
    {
        writer.WriteStartObject(part.Kind.Value);
        writer.WriteString("format"u8, part.Source.MediaType);
        if (part.Kind == MediaKind.Document)
        {
            writer.WriteString("name"u8, NameOf(part, ++_documents));
            if (part.CitationsEnabled is { } enabled)
            {
                writer.WriteStartObject("citations"u8);
                writer.WriteBoolean("enabled"u8, enabled);
                writer.WriteEndObject();
            }
        }
        writer.WriteStartObject("source"u8);
        if (part.Source is UrlMedia url)
        {
            writer.WriteStartObject("s3Location"u8);
            writer.WriteString("uri"u8, url.Url);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("bytes"u8, ((InlineMedia)part.Source).Base64);
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // A name is mandatory, unique, and of letters, digits, single spaces, hyphens, parentheses and brackets only.
    private static string NameOf(MediaPart part, int number)
    {
        if (part.Title is null) return $"Document {number}";
        var name = new StringBuilder(part.Title.Length);
        foreach (char c in part.Title)
        {
            bool allowed = char.IsAsciiLetterOrDigit(c) || c is '-' or '(' or ')' or '[' or ']';
            if (allowed) name.Append(c);
            else if (name.Length > 0 && name[^1] != ' ') name.Append(' ');
        }
        string fitted = name.ToString(0, Math.Min(name.Length, 180)).TrimEnd();
        return fitted.Length == 0 ? $"Document {number}" : $"{fitted} ({number})";
    }
}
