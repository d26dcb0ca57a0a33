using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Reads content blocks, of requests and of answers alike (the SDK's <c>ContentBlockParam</c> and <c>ContentBlock</c>).</summary>
internal static class AnthropicBlockReader
{
    /// <summary>Reads a list of blocks, or a string as one text.</summary>
    public static List<Part> ReadContent(JsonElement content, string path)
    {
        if (content.ValueKind == JsonValueKind.String) return [new TextPart(content.GetString()!)];
        if (content.ValueKind != JsonValueKind.Array) throw new WireFormatException(path, "must be a string or a list of content blocks");
        var parts = new List<Part>(content.GetArrayLength());
        foreach (var block in content.EnumerateArray()) parts.Add(Read(block, $"{path}[{parts.Count}]"));
        return parts;
    }

    /// <summary>Reads one block. A type that is not known here becomes a <see cref="RawPart"/>.</summary>
    public static Part Read(JsonElement block, string path)
    {
        if (block.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be a content block: an object with a type");
        string type = block.RequiredString("type"u8, path);
        return type switch
        {
            "text" => Text(block, path),
            "thinking" => Thinking(block, path),
            "redacted_thinking" => RedactedThinking(block, path),
            "tool_use" => ToolUse(block, path),
            "tool_result" => ToolResult(block, path),
            "image" or "document" => AnthropicMediaReader.ReadMedia(block, type, path),
            "search_result" => AnthropicMediaReader.ReadSearchResult(block, path),
            "server_tool_use" or "mcp_tool_use" => ServerToolUse(block, type, path),
            _ when type.EndsWith("_tool_result", StringComparison.Ordinal) && block.Text("tool_use_id"u8) is { } id => ServerToolResult(block, type, id),
            _ => new RawPart(AnthropicNames.Id, type, RawJson.From(block)),
        };
    }

    /// <summary>A <c>cache_control</c>; <see langword="null"/> where there is none.</summary>
    public static CacheMarker? Cache(JsonElement holder, string path) =>
        holder.Object("cache_control"u8, path) is { } cache ? new CacheMarker(cache.Text("ttl"u8)) : null;

    /// <summary>The spelling of a <c>cache_control</c> that says more than a lifetime.</summary>
    public static string? CacheShape(JsonElement holder)
    {
        var cache = holder.Get("cache_control"u8);
        bool usual = cache is null || (cache.Value.Text("type"u8) == "ephemeral" && cache.Rest(AnthropicNames.Cache).IsAbsent);
        return usual ? null : "cache_control=" + cache!.Value.GetRawText();
    }

    /// <summary>True where <c>caller</c> only says that the model itself made the call, which carries no meaning.</summary>
    private static bool IsDirect(JsonElement block) => block.Get("caller"u8) is { } caller && caller.Text("type"u8) == "direct" && caller.EnumerateObject().Count() == 1;

    private static TextPart Text(JsonElement block, string path)
    {
        List<Citation> citations = [];
        var list = block.Array("citations"u8, path);
        if (list is not null)
        {
            foreach (var item in list.Value.EnumerateArray()) citations.Add(AnthropicCitations.Read(item, $"{path}.citations[{citations.Count}]"));
        }
        return new TextPart(block.RequiredString("text"u8, path))
        {
            Citations = citations,
            Cache = Cache(block, path),
            Notes = NotesBuilder.Of(AnthropicNames.Id, block, AnthropicNames.Text, Shape.Of(list is not null && citations.Count == 0 ? "citations" : null, CacheShape(block))),
        };
    }

    private static ReasoningPart Thinking(JsonElement block, string path)
    {
        var signature = AnthropicSignatures.Read(block.String("signature"u8, path), out string? id);
        return new ReasoningPart(block.RequiredString("thinking"u8, path))
        {
            Id = id,
            Signature = signature,
            Notes = NotesBuilder.Of(AnthropicNames.Id, block, AnthropicNames.ThinkingBlock),
        };
    }

    private static ReasoningPart RedactedThinking(JsonElement block, string path) => new("")
    {
        IsRedacted = true,
        Signature = SignatureEnvelope.Read(block.RequiredString("data"u8, path), AnthropicNames.Family),
        Notes = NotesBuilder.Of(AnthropicNames.Id, block, AnthropicNames.RedactedThinking),
    };

    private static ToolCallPart ToolUse(JsonElement block, string path)
    {
        bool direct = IsDirect(block);
        var input = block.Get("input"u8);
        return new ToolCallPart(block.RequiredString("id"u8, path), block.RequiredString("name"u8, path), input?.GetRawText() ?? "{}")
        {
            Cache = Cache(block, path),
            Notes = NotesBuilder.Of(
                AnthropicNames.Id, block, direct ? AnthropicNames.DirectToolUse : AnthropicNames.ToolUse, Shape.Of(direct ? "direct" : null, input is null ? "no input" : null, CacheShape(block))),
        };
    }

    private static ToolResultPart ToolResult(JsonElement block, string path)
    {
        string id = block.RequiredString("tool_use_id"u8, path);
        var content = block.Get("content"u8);
        string? shape = content?.ValueKind switch { null => "no content", JsonValueKind.String => "string", _ => null };
        return new ToolResultPart(id, content is null ? [] : ReadContent(content.Value, $"{path}.content"))
        {
            IsError = block.Boolean("is_error"u8, path),
            Cache = Cache(block, path),
            Notes = NotesBuilder.Of(AnthropicNames.Id, block, AnthropicNames.ToolResult, Shape.Of(shape, CacheShape(block))),
        };
    }

    // The type is noted always: only a block that came from this format may go back to it.
    private static ServerToolCallPart ServerToolUse(JsonElement block, string type, string path)
    {
        bool direct = IsDirect(block);
        return new ServerToolCallPart(block.RequiredString("id"u8, path), block.RequiredString("name"u8, path), block.Raw("input"u8))
        {
            Cache = Cache(block, path),
            Notes = NotesBuilder.Of(
                AnthropicNames.Id, block, direct ? AnthropicNames.DirectToolUse : AnthropicNames.ToolUse, Shape.Of("type=" + type, direct ? "direct" : null, CacheShape(block))),
        };
    }

    private static ServerToolResultPart ServerToolResult(JsonElement block, string type, string id)
    {
        bool direct = IsDirect(block);
        return new ServerToolResultPart(id, type, block.Raw("content"u8))
        {
            Cache = Cache(block, ""),
            Notes = NotesBuilder.Of(
                AnthropicNames.Id, block, direct ? AnthropicNames.DirectServerToolResult : AnthropicNames.ServerToolResult, Shape.Of("type=" + type, direct ? "direct" : null, CacheShape(block))),
        };
    }
}
