using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>
/// Puts what Claude Code says to Anthropic alone into words for others: references to tools that a search found become their names, the block for Anthropic's own
/// billing is left out, and tools that a search would find are in sight from the beginning, which loses nothing.
/// </summary>
internal static class AnthropicRewording
{
    private const string Billing = "x-anthropic-billing-header:";
    private const string Reference = "tool_reference";
    private const string Deferred = "defer_loading";

    /// <summary>Gives the request in words of other formats; the same object where there is nothing to reword.</summary>
    public static ChatRequest Reword(ChatRequest request)
    {
        if (request.Tools.Any(IsDeferred)) request = request with { Tools = [.. request.Tools.Select(t => IsDeferred(t) ? t with { Notes = Visible(t.Notes!) } : t)] };
        if (!request.Messages.Any(m => m.Parts.Any(IsOwn))) return request;
        return request with { Messages = [.. request.Messages.Select(Message).OfType<ChatMessage>()] };
    }

    private static bool IsDeferred(Tool tool) => tool is not HostedTool && tool.Notes?.Fields.Any(f => f.Key == Deferred) == true;

    private static WireNotes Visible(WireNotes notes) => notes with { Fields = [.. notes.Fields.Where(f => f.Key != Deferred)] };

    private static bool IsOwn(Part part) => part switch
    {
        TextPart text => IsBilling(text),
        ToolResultPart result => result.Content.Any(IsReference),
        _ => IsReference(part),
    };

    private static bool IsBilling(TextPart text) => text.Text.StartsWith(Billing, StringComparison.Ordinal);

    private static bool IsReference(Part part) => part is RawPart { Type: Reference } raw && raw.Format == AnthropicNames.Id;

    private static ChatMessage? Message(ChatMessage message)
    {
        if (!message.Parts.Any(IsOwn)) return message;
        var parts = message.Parts.Where(p => !(message.Role.IsInstruction && p is TextPart text && IsBilling(text))).Select(Part).ToList();
        return parts.Count == 0 ? null : message with { Parts = parts };
    }

    private static Part Part(Part part) => part switch
    {
        ToolResultPart result when result.Content.Any(IsReference) => result with { Content = Named(result.Content) },
        _ when IsReference(part) => Named([part])[0],
        _ => part,
    };

    private static List<Part> Named(IReadOnlyList<Part> content)
    {
        var names = content.Where(IsReference).Select(r => ((RawPart)r).Json.ToElement().Text("tool_name"u8)).OfType<string>();
        return [.. content.Where(p => !IsReference(p)), new TextPart($"Tools that can be called now: {string.Join(", ", names)}")];
    }
}
