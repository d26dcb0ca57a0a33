using Sluice.Chat;

namespace Sluice.Conversations;

/// <summary>What one answer signed: reasoning, each with the call that it led to, and signatures of the calls themselves.</summary>
internal sealed class SignedTurn
{
    private readonly List<(ReasoningPart Part, string? BeforeCall)> _reasoning = [];
    private readonly Dictionary<string, Signature> _calls = new(StringComparer.Ordinal);

    private SignedTurn(string family) => Family = family;

    /// <summary>Whose signatures they are.</summary>
    public string Family { get; }

    /// <summary>The calls of the answer.</summary>
    public List<string> CallIds { get; } = [];

    /// <summary>What it takes in memory, nearly.</summary>
    public long Bytes { get; private set; }

    /// <summary>Collects what the parts of an answer signed; <see langword="null"/> where there is no call or no signature.</summary>
    public static SignedTurn? From(IReadOnlyList<Part> parts)
    {
        string? family = parts.FirstOrDefault(p => p is ReasoningPart or ToolCallPart && p.Signature is not null)?.Signature!.Family;
        if (family is null || !parts.Any(p => p is ToolCallPart)) return null;
        var turn = new SignedTurn(family) { Bytes = 256 };
        var waiting = new List<ReasoningPart>();
        bool leads = true;
        foreach (var part in parts)
        {
            switch (part)
            {
                case ReasoningPart { Signature: { } signature } reasoning:
                    waiting.Add(reasoning);
                    turn.Bytes += 2L * (reasoning.Text.Length + signature.Value.Length);
                    break;
                case ToolCallPart call:
                    // Reasoning at the head of the answer stands before everything, texts too.
                    foreach (var reasoning in waiting) turn._reasoning.Add((reasoning, leads ? null : call.CallId));
                    waiting.Clear();
                    leads = false;
                    turn.Add(call);
                    break;
                case TextPart { Text.Length: > 0 } or RefusalPart:
                    if (leads)
                    {
                        foreach (var reasoning in waiting) turn._reasoning.Add((reasoning, null));
                        waiting.Clear();
                    }
                    leads = false;
                    break;
                default: break;
            }
        }
        return turn;
    }

    /// <summary>Puts everything back into the messages of one turn.</summary>
    /// <param name="messages">The conversation; the turn's messages are replaced.</param>
    /// <param name="start">The turn's first message.</param>
    /// <param name="end">One past its last.</param>
    public void Restore(List<ChatMessage> messages, int start, int end)
    {
        // A client that brought signed reasoning itself knows better.
        bool signed = messages.GetRange(start, end - start).Exists(m => m.Parts.Any(p => p is ReasoningPart { Signature: not null }));
        for (int i = start; i < end; i++)
        {
            var parts = new List<Part>();
            if (i == start && !signed) parts.AddRange(_reasoning.Where(r => r.BeforeCall is null).Select(r => r.Part));
            foreach (var part in messages[i].Parts)
            {
                // Readable reasoning without its signature is what the kept part says better.
                if (!signed && part is ReasoningPart && _reasoning.Count > 0) continue;
                if (part is not ToolCallPart call)
                {
                    parts.Add(part);
                    continue;
                }
                if (!signed) parts.AddRange(_reasoning.Where(r => r.BeforeCall == call.CallId).Select(r => r.Part));
                parts.Add(call.Signature is null && _calls.TryGetValue(call.CallId, out var signature) ? call with { Signature = signature } : call);
            }
            messages[i] = messages[i] with { Parts = parts };
        }
    }

    private void Add(ToolCallPart call)
    {
        CallIds.Add(call.CallId);
        if (call.Signature is not { } signature) return;
        _calls[call.CallId] = signature;
        Bytes += 2L * signature.Value.Length;
    }
}
