using Sluice.Chat;

namespace Sluice.Conversations;

/// <summary>What one answer must get back: reasoning, each piece with the call that it led to, and signatures of the calls themselves.</summary>
internal sealed class SignedTurn
{
    private readonly List<(ReasoningPart Part, string? BeforeCall)> _reasoning = [];
    private readonly Dictionary<string, Signature> _calls = new(StringComparer.Ordinal);

    private SignedTurn(string family) => Family = family;

    /// <summary>Whose reasoning it is: the family of the signatures, or what the caller named for reasoning without any.</summary>
    public string Family { get; }

    /// <summary>True when nobody signed it.</summary>
    public bool IsUnsigned { get; private init; }

    /// <summary>The calls of the answer.</summary>
    public List<string> CallIds { get; } = [];

    /// <summary>What it takes in memory, nearly.</summary>
    public long Bytes { get; private set; }

    /// <summary>Collects what must come back of an answer's parts; <see langword="null"/> where there is no call or nothing to keep.</summary>
    /// <param name="parts">The answer.</param>
    /// <param name="unsigned">Whose reasoning without a signature is; <see langword="null"/> where such reasoning need not come back.</param>
    public static SignedTurn? From(IReadOnlyList<Part> parts, string? unsigned)
    {
        string? signer = parts.FirstOrDefault(p => p is ReasoningPart or ToolCallPart && p.Signature is not null)?.Signature!.Family;
        bool keepsUnsigned = signer is null && unsigned is not null;
        string? family = keepsUnsigned && parts.Any(p => p is ReasoningPart { Text.Length: > 0 }) ? unsigned : signer;
        if (family is null || !parts.Any(p => p is ToolCallPart)) return null;
        var turn = new SignedTurn(family) { Bytes = 256, IsUnsigned = keepsUnsigned };
        var waiting = new List<ReasoningPart>();
        bool leads = true;
        foreach (var part in parts)
        {
            switch (part)
            {
                case ReasoningPart reasoning when reasoning.Signature is not null || keepsUnsigned:
                    waiting.Add(reasoning);
                    turn.Bytes += 2L * (reasoning.Text.Length + (reasoning.Signature?.Value.Length ?? 0));
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
        bool signed = HasReasoning(messages, start, end);
        // Once, however often the turn repeats a call: what is put back must not grow with that.
        var led = new HashSet<string>(StringComparer.Ordinal);
        var kept = _reasoning.ToLookup(r => r.BeforeCall, r => r.Part, StringComparer.Ordinal);
        for (int i = start; i < end; i++)
        {
            var parts = new List<Part>();
            if (i == start && !signed) parts.AddRange(kept[null]);
            foreach (var part in messages[i].Parts)
            {
                // Readable reasoning without its signature is what the kept part says better.
                if (!signed && part is ReasoningPart && _reasoning.Count > 0) continue;
                if (part is not ToolCallPart call)
                {
                    parts.Add(part);
                    continue;
                }
                if (!signed && led.Add(call.CallId)) parts.AddRange(kept[call.CallId]);
                parts.Add(call.Signature is null && _calls.TryGetValue(call.CallId, out var signature) ? call with { Signature = signature } : call);
            }
            messages[i] = messages[i] with { Parts = parts };
        }
    }

    /// <summary>True when the client left out what is kept here.</summary>
    public bool IsMissingIn(IReadOnlyList<ChatMessage> messages, int start, int end)
    {
        if (_reasoning.Count > 0 && !HasReasoning(messages, start, end)) return true;
        if (_calls.Count == 0) return false;
        for (int i = start; i < end; i++)
        {
            if (messages[i].Parts.Any(p => p is ToolCallPart { Signature: null } call && _calls.ContainsKey(call.CallId))) return true;
        }
        return false;
    }

    // A client that brought the reasoning itself, with its signature where there is one, knows better.
    private bool HasReasoning(IReadOnlyList<ChatMessage> messages, int start, int end)
    {
        bool isUnsigned = _reasoning.TrueForAll(r => r.Part.Signature is null);
        for (int i = start; i < end; i++)
        {
            if (messages[i].Parts.Any(p => p is ReasoningPart { Signature: not null } || (isUnsigned && p is ReasoningPart { Text.Length: > 0 }))) return true;
        }
        return false;
    }

    private void Add(ToolCallPart call)
    {
        CallIds.Add(call.CallId);
        if (call.Signature is not { } signature) return;
        _calls[call.CallId] = signature;
        Bytes += 2L * signature.Value.Length;
    }
}
