using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.AnthropicMessages;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.BedrockConverse;

/// <summary>Reads content blocks of answers (<c>ContentBlock</c> of the API reference): objects with one member that names the kind.</summary>
internal static class BedrockBlockReader
{
    private static WireNotes Origin { get; } = new(WireFormatId.BedrockConverse);

    /// <summary>Reads one block. A kind that is not known here becomes a <see cref="RawPart"/>.</summary>
    public static Part Read(JsonElement block, string path, TranslationContext context)
    {
        if (block.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be an object");
        foreach (var member in block.EnumerateObject())
        {
            switch (member.Name)
            {
                case "text" when member.Value.ValueKind == JsonValueKind.String: return new TextPart(member.Value.GetString()!);
                case "reasoningContent": return Reasoning(member.Value, $"{path}.reasoningContent");
                case "toolUse": return ToolUse(member.Value, $"{path}.toolUse", context);
                case "toolResult": return ToolResult(member.Value);
                case "citationsContent": return Cited(member.Value, $"{path}.citationsContent");
                case "image" or "audio" or "video" or "document" when Media(member.Name, member.Value) is { } media: return media;
                default: return new RawPart(WireFormatId.BedrockConverse, member.Name, RawJson.From(block));
            }
        }
        throw new WireFormatException(path, "is an empty block");
    }

    /// <summary>The call that a <c>toolUse</c> begins or holds. Nova marks calls of its own tools by a type.</summary>
    public static Part ToolUse(JsonElement use, string path, TranslationContext context)
    {
        string id = use.RequiredString("toolUseId"u8, path), name = use.RequiredString("name"u8, path);
        var input = use.Get("input"u8);
        if (use.Text("type"u8) == "server_tool_use") return new ServerToolCallPart(id, name, input is null ? default : RawJson.From(input.Value)) { Notes = Origin };
        return AnthropicCalls.Undo(new ToolCallPart(id, name, input?.GetRawText() ?? "{}"), context);
    }

    /// <summary>The result of a tool that the provider ran.</summary>
    public static ServerToolResultPart ToolResult(JsonElement result) =>
        new(result.Text("toolUseId"u8) ?? "", result.Text("type"u8) ?? "toolResult", result.Raw("content"u8)) { Notes = Origin };

    /// <summary>A signature in the spelling of the maker's own API: a redacted payload is base64 of it.</summary>
    public static Signature Redacted(string base64)
    {
        byte[] bytes = new byte[base64.Length];
        bool isText = Convert.TryFromBase64String(base64, bytes, out int length) && Ascii.IsValid(bytes.AsSpan(0, length));
        return isText ? new Signature(Encoding.ASCII.GetString(bytes, 0, length), AnthropicNames.Family) : new Signature(base64, "bedrock");
    }

    /// <summary>A citation.</summary>
    public static Citation Citation(JsonElement citation)
    {
        var web = citation.Get("location"u8)?.Get("web"u8);
        string? words = citation.Get("sourceContent"u8) is { ValueKind: JsonValueKind.Array } content ? string.Concat(content.EnumerateArray().Select(c => c.Text("text"u8))) : null;
        return new Citation
        {
            Kind = web is null ? "document" : "web",
            Url = web?.Text("url"u8) ?? (citation.Text("source"u8) is { } source && source.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? source : null),
            Title = citation.Text("title"u8),
            CitedText = words,
            Notes = new WireNotes(WireFormatId.BedrockConverse) { Shape = citation.GetRawText() },
        };
    }

    private static ReasoningPart Reasoning(JsonElement reasoning, string path)
    {
        if (reasoning.String("redactedContent"u8, path) is { } redacted) return new ReasoningPart("") { IsRedacted = true, Signature = Redacted(redacted) };
        var text = reasoning.Object("reasoningText"u8, path) ?? throw new WireFormatException(path, "holds neither text nor a redacted payload");
        string? signature = text.String("signature"u8, path);
        return new ReasoningPart(text.String("text"u8, path) ?? "") { Signature = string.IsNullOrEmpty(signature) ? null : new Signature(signature, AnthropicNames.Family) };
    }

    private static TextPart Cited(JsonElement cited, string path)
    {
        string text = cited.Array("content"u8, path) is { } content ? string.Concat(content.EnumerateArray().Select(c => c.Text("text"u8))) : "";
        return new TextPart(text) { Citations = cited.Array("citations"u8, path) is { } list ? [.. list.EnumerateArray().Select(Citation)] : [] };
    }

    private static MediaPart? Media(string name, JsonElement media)
    {
        var kind = new MediaKind(name);
        if (media.Get("source"u8)?.Text("bytes"u8) is not { } bytes) return null;
        return new MediaPart(kind, new InlineMedia(bytes) { MediaType = media.Text("format"u8) is { } format ? BedrockMediaFormats.ToMediaType(kind, format) : null });
    }
}
