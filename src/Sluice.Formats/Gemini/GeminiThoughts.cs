using System.Text;
using Sluice.Chat;

namespace Sluice.Formats.Gemini;

/// <summary>
/// Joins the thoughts of another family that a client of this format gives back. A streamed thought reached the client in many parts, often
/// in contents of their own, and its signature in a last part: its maker wants one text, as it was, with the signature.
/// </summary>
internal static class GeminiThoughts
{
    public static IReadOnlyList<ChatMessage> Join(List<ChatMessage> messages)
    {
        bool isForeign = messages.Exists(m => m.Parts.Any(p => p is ReasoningPart { Signature: { Family: not "gemini" } }));
        if (!isForeign) return messages;
        var joined = new List<ChatMessage>(messages.Count);
        foreach (var message in messages)
        {
            bool goesOn = message.Role == Role.Assistant && joined.Count > 0 && joined[^1].Role == Role.Assistant;
            List<Part> parts = goesOn ? [.. joined[^1].Parts, .. message.Parts] : [.. message.Parts];
            if (message.Role == Role.Assistant) JoinParts(parts);
            if (goesOn) joined[^1] = joined[^1] with { Parts = parts };
            else joined.Add(message with { Parts = parts });
        }
        return joined;
    }

    private static void JoinParts(List<Part> parts)
    {
        for (int at = 0; at < parts.Count; at++)
        {
            if (parts[at] is not ReasoningPart { Signature: { Family: not "gemini" } } signed || signed.IsRedacted) continue;
            int first = at;
            while (first > 0 && parts[first - 1] is ReasoningPart { Signature: null, IsRedacted: false }) first--;
            var text = new StringBuilder();
            for (int i = first; i <= at; i++) text.Append(((ReasoningPart)parts[i]).Text);
            parts[first] = signed with { Text = text.ToString(), IsSummary = false };
            parts.RemoveRange(first + 1, at - first);
            at = first;
        }
    }
}
