using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>
/// Prompt-cache markers that stand beside the content of a message, or in a tool call: some clients of Anthropic's models put them there. For formats that know
/// them they belong to the last part, or to the call.
/// </summary>
internal static class ChatCacheLift
{
    private const string Marker = "cache_control";

    /// <summary>Gives the request with its markers on parts; the same object where there are none.</summary>
    public static ChatRequest Lift(ChatRequest request) =>
        request.Messages.Any(m => IsMarked(m.Notes) || m.Parts.Any(IsMarked))
            ? request with { Messages = [.. request.Messages.Select(Message)] }
            : request;

    private static ChatMessage Message(ChatMessage message)
    {
        if (message.Parts.Any(IsMarked)) message = message with { Parts = [.. message.Parts.Select(p => IsMarked(p) ? Marked(p) : p)] };
        if (!IsMarked(message.Notes) || message.Parts.Count == 0) return message;
        return message with { Parts = [.. message.Parts.SkipLast(1), WithMarker(message.Parts[^1], message.Notes!)], Notes = Without(message.Notes!) };
    }

    private static Part Marked(Part part) => part is ToolResultPart result && !IsMarked(part.Notes)
        ? result with { Content = [.. result.Content.Select(p => IsMarked(p) ? Marked(p) : p)] }
        : WithMarker(part, part.Notes!) with { Notes = Without(part.Notes!) };

    private static Part WithMarker(Part part, WireNotes notes) => part with { Cache = part.Cache ?? new CacheMarker(notes.Fields.First(IsMarker).Value.ToElement().Text("ttl"u8)) };

    private static bool IsMarked(Part part) => part switch
    {
        ToolResultPart result => IsMarked(part.Notes) || result.Content.Any(IsMarked),
        ToolCallPart or TextPart or MediaPart => IsMarked(part.Notes),
        _ => false,
    };

    private static bool IsMarked(WireNotes? notes) => notes?.Fields.Any(IsMarker) == true;

    private static bool IsMarker(KeyValuePair<string, RawJson> field) =>
        field.Key is Marker or CacheBreakpoints.Member && field.Value.ToElement() is { ValueKind: JsonValueKind.Object };

    private static WireNotes Without(WireNotes notes) => notes with { Fields = [.. notes.Fields.Where(f => !IsMarker(f))] };
}
