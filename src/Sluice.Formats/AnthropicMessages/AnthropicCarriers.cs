using Sluice.Chat;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>
/// A signature on a text or a tool call (Gemini's <c>thoughtSignature</c>) has no slot in this format. To a client it goes as a
/// <c>redacted_thinking</c> block of its own beside the piece, which clients send back unread; here it returns to its piece.
/// </summary>
internal static class AnthropicCarriers
{
    private const string Next = "+next";
    private const string Previous = "+prev";
    private const string Alone = "+text";

    /// <summary>A carrier that stands before the piece.</summary>
    public static ReasoningPart Before(Signature signature) => Carry(signature, Next);

    /// <summary>A carrier that stands after the piece, for a signature that came late.</summary>
    public static ReasoningPart After(Signature signature) => Carry(signature, Previous);

    /// <summary>A carrier in place of a text that is empty but signed.</summary>
    public static ReasoningPart InPlace(Signature signature) => Carry(signature, Alone);

    /// <summary>Puts carried signatures back where they belong.</summary>
    public static List<Part> Restore(List<Part> parts)
    {
        if (!parts.Exists(IsCarrier)) return parts;
        var restored = new List<Part>(parts.Count);
        Signature? waiting = null;
        foreach (var part in parts)
        {
            if (!IsCarrier(part))
            {
                restored.Add(waiting is null ? part : part with { Signature = waiting });
                waiting = null;
                continue;
            }
            var (signature, place) = Open(part.Signature!);
            switch (place)
            {
                case Next: waiting = signature; break;
                case Previous when restored.Count > 0: restored[^1] = restored[^1] with { Signature = signature }; break;
                default: restored.Add(new TextPart("") { Signature = signature }); break;
            }
        }
        return restored;
    }

    private static ReasoningPart Carry(Signature signature, string place) => new("") { IsRedacted = true, Signature = signature with { Family = signature.Family + place } };

    private static bool IsCarrier(Part part) => part is ReasoningPart { IsRedacted: true, Signature: { } s } && s.Family.Contains('+', StringComparison.Ordinal);

    private static (Signature Signature, string Place) Open(Signature carried)
    {
        int plus = carried.Family.IndexOf('+', StringComparison.Ordinal);
        return (carried with { Family = carried.Family[..plus] }, carried.Family[plus..]);
    }
}
