using Sluice.Chat;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>What a store of responses must know of messages that this codec has read.</summary>
public static class ResponsesItems
{
    /// <summary>True for the message that is the request's own <c>instructions</c>, not an item of its input.</summary>
    public static bool IsInstructions(ChatMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return ResponsesNotes.HasShape(message.Notes, ResponsesNotes.Instructions);
    }

    /// <summary>True for a message that only names an item which the provider keeps; its part's id is the item's.</summary>
    public static bool IsReference(ChatMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.Parts is [RawPart { Type: "item_reference" }];
    }
}
