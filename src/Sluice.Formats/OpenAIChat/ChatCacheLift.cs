using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
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
        request.Messages.Any(m => IsMarked(m.Notes) || m.Parts.Any(p => p is ToolCallPart && IsMarked(p.Notes)))
            ? request with { Messages = [.. request.Messages.Select(Message)] }
            : request;

    private static ChatMessage Message(ChatMessage message)
    {
        if (message.Parts.Any(p => p is ToolCallPart && IsMarked(p.Notes))) message = message with { Parts = [.. message.Parts.Select(p => p is ToolCallPart && IsMarked(p.Notes) ? Marked(p, p.Notes!) : p)] };
        if (!IsMarked(message.Notes) || message.Parts.Count == 0) return message;
        return message with { Parts = [.. message.Parts.SkipLast(1), WithMarker(message.Parts[^1], message.Notes!)], Notes = Without(message.Notes!) };
    }

    private static Part Marked(Part part, WireNotes notes) => WithMarker(part, notes) with { Notes = Without(notes) };

    private static Part WithMarker(Part part, WireNotes notes) => part with { Cache = part.Cache ?? new CacheMarker(notes.Fields.First(f => f.Key == Marker).Value.ToElement().Text("ttl"u8)) };

    private static bool IsMarked(WireNotes? notes) => notes?.Fields.Any(f => f.Key == Marker && f.Value.ToElement() is { ValueKind: JsonValueKind.Object }) == true;

    private static WireNotes Without(WireNotes notes) => notes with { Fields = [.. notes.Fields.Where(f => f.Key != Marker)] };
}
