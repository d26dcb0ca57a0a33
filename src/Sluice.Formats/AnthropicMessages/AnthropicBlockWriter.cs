using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Writes parts as content blocks. What cannot be a block has been taken out before.</summary>
internal sealed class AnthropicBlockWriter
{
    private readonly bool _asCame;
    private readonly bool _complete;
    private readonly TranslationContext? _context;

    private AnthropicBlockWriter(bool asCame, bool complete, TranslationContext? context = null) => (_asCame, _complete, _context) = (asCame, complete, context);

    /// <summary>For what came in this format: every block as it was spelled.</summary>
    public static AnthropicBlockWriter AsCame { get; } = new(asCame: true, complete: false);

    /// <summary>For answers of other formats: members that the SDK's types require are written where the part says nothing of them.</summary>
    public static AnthropicBlockWriter Complete { get; } = new(asCame: false, complete: true);

    /// <summary>For requests of other formats.</summary>
    /// <param name="context">Learns the names of tools that have to change; <see langword="null"/> where no calls are written.</param>
    public static AnthropicBlockWriter Brief(TranslationContext? context = null) => new(asCame: false, complete: false, context);

    /// <summary>Writes a list of blocks.</summary>
    public void WriteList(Utf8JsonWriter writer, IReadOnlyList<Part> parts)
    {
        writer.WriteStartArray();
        foreach (var part in parts) Write(writer, part);
        writer.WriteEndArray();
    }

    /// <summary>Writes one block.</summary>
    public void Write(Utf8JsonWriter writer, Part part)
    {
        if (part is RawPart raw)
        {
            writer.WriteOneLine(raw.Json);
            return;
        }
        var own = part.Notes.Own();
        writer.WriteStartObject();
        switch (part)
        {
            case TextPart p: WriteText(writer, p, own); break;
            case RefusalPart p: WriteText(writer, new TextPart(p.Text), own); break;
            case ReasoningPart p: WriteThinking(writer, p); break;
            case ToolCallPart p: WriteToolUse(writer, p, own); break;
            case ToolResultPart p: WriteToolResult(writer, p, own); break;
            case MediaPart p: AnthropicMediaWriter.Write(writer, p, own); break;
            case ServerToolCallPart p: WriteServerToolUse(writer, p, own); break;
            case ServerToolResultPart p: WriteServerToolResult(writer, p, own); break;
            default: throw new InvalidOperationException($"no block for {part.GetType().Name}");
        }
        WriteCache(writer, part.Cache, own);
        WriteFields(writer, own);
        writer.WriteEndObject();
    }

    /// <summary>Writes a <c>cache_control</c>. A lifetime that this format does not have becomes the default one.</summary>
    public static void WriteCache(Utf8JsonWriter writer, CacheMarker? cache, WireNotes? own)
    {
        if (cache is null) return;
        writer.WritePropertyName("cache_control"u8);
        if (Shape.Value(own, "cache_control") is { } spelled)
        {
            writer.WriteRawValue(spelled, skipInputValidation: true);
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("type"u8, "ephemeral"u8);
        if (own is not null ? cache.Ttl is not null : cache.Ttl is "5m" or "1h") writer.WriteString("ttl"u8, cache.Ttl);
        writer.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter writer, WireNotes? own)
    {
        if (own is null) return;
        foreach (var (name, json) in own.Fields)
        {
            writer.WritePropertyName(name);
            writer.WriteOneLine(json);
        }
    }

    private void WriteText(Utf8JsonWriter writer, TextPart part, WireNotes? own)
    {
        writer.WriteString("type"u8, "text"u8);
        writer.WriteString("text"u8, part.Text);
        // The field is required in a complete answer. Null is published too, but clients that validate with an optional list (@ai-sdk/anthropic) refuse it.
        if (_complete || part.Citations.Count > 0 || Shape.Has(own, "citations"))
        {
            writer.WriteStartArray("citations"u8);
            foreach (var citation in part.Citations) AnthropicCitations.Write(writer, citation);
            writer.WriteEndArray();
        }
    }

    private void WriteThinking(Utf8JsonWriter writer, ReasoningPart part)
    {
        string signature = part.Signature is null && !_complete ? "" : AnthropicSignatures.ForClient(part.Signature, part.Id);
        if (part.IsRedacted)
        {
            writer.WriteString("type"u8, "redacted_thinking"u8);
            writer.WriteString("data"u8, signature);
            return;
        }
        writer.WriteString("type"u8, "thinking"u8);
        writer.WriteString("thinking"u8, part.Text);
        writer.WriteString("signature"u8, signature);
    }

    private void WriteToolUse(Utf8JsonWriter writer, ToolCallPart part, WireNotes? own)
    {
        writer.WriteString("type"u8, "tool_use"u8);
        writer.WriteString("id"u8, part.CallId);
        writer.WriteString("name"u8, Rename(part.Name));
        if (!Shape.Has(own, "no input"))
        {
            writer.WritePropertyName("input"u8);
            AnthropicToolInput.Write(writer, part);
        }
        WriteDirect(writer, own);
    }

    // A caller is required by the SDK's type; "direct" is what every call is that no tool made.
    private void WriteDirect(Utf8JsonWriter writer, WireNotes? own)
    {
        if (!_complete && !Shape.Has(own, "direct")) return;
        writer.WriteStartObject("caller"u8);
        writer.WriteString("type"u8, "direct"u8);
        writer.WriteEndObject();
    }

    private void WriteToolResult(Utf8JsonWriter writer, ToolResultPart part, WireNotes? own)
    {
        writer.WriteString("type"u8, "tool_result"u8);
        writer.WriteString("tool_use_id"u8, part.CallId);
        bool single = part.Content is [TextPart { Citations.Count: 0, Cache: null, Notes: null }];
        if (single && (!_asCame || Shape.Has(own, "string")))
        {
            writer.WriteString("content"u8, ((TextPart)part.Content[0]).Text);
        }
        else if (part.Content.Count > 0 || (_asCame && !Shape.Has(own, "no content")))
        {
            writer.WritePropertyName("content"u8);
            WriteList(writer, part.Content);
        }
        if (part.IsError is { } error) writer.WriteBoolean("is_error"u8, error);
    }

    private void WriteServerToolUse(Utf8JsonWriter writer, ServerToolCallPart part, WireNotes? own)
    {
        writer.WriteString("type"u8, Shape.Value(own, "type") ?? "server_tool_use");
        writer.WriteString("id"u8, part.CallId);
        writer.WriteString("name"u8, part.Name);
        if (!part.Input.IsAbsent)
        {
            writer.WritePropertyName("input"u8);
            writer.WriteOneLine(part.Input);
        }
        WriteDirect(writer, own);
    }

    private void WriteServerToolResult(Utf8JsonWriter writer, ServerToolResultPart part, WireNotes? own)
    {
        writer.WriteString("type"u8, Shape.Value(own, "type") ?? part.Name);
        writer.WriteString("tool_use_id"u8, part.CallId);
        if (!part.Content.IsAbsent)
        {
            writer.WritePropertyName("content"u8);
            writer.WriteOneLine(part.Content);
        }
        WriteDirect(writer, own);
    }

    private string Rename(string name) => _context is null ? name : ToolNames.Fit(name, _context, AnthropicCalls.MaxName);
}
