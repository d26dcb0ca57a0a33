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
        List<Part>? turn = null;
        foreach (var message in messages)
        {
            if (message.Role != Role.Assistant)
            {
                turn = null;
                joined.Add(message);
                continue;
            }
            if (turn is null) joined.Add(message with { Parts = turn = [] });
            foreach (var part in message.Parts) Add(turn, part);
        }
        return joined;
    }

    private static void Add(List<Part> turn, Part part)
    {
        if (part is not ReasoningPart { Signature: { Family: not "gemini" }, IsRedacted: false } signed)
        {
            turn.Add(part);
            return;
        }
        int first = turn.Count;
        while (first > 0 && turn[first - 1] is ReasoningPart { Signature: null, IsRedacted: false }) first--;
        var text = new StringBuilder();
        for (int i = first; i < turn.Count; i++) text.Append(((ReasoningPart)turn[i]).Text);
        turn.RemoveRange(first, turn.Count - first);
        turn.Add(signed with { Text = text.Append(signed.Text).ToString(), IsSummary = false });
    }
}
