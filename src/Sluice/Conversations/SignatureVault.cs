using Sluice.Chat;

namespace Sluice.Conversations;

/// <summary>
/// Keeps the reasoning of answers that call tools, for clients whose dialect has no place for it. Providers refuse or weaken the next step of
/// a tool loop when their own reasoning does not come back with the calls that it led to; the call's id, which every client sends back, finds it
/// again. In memory, bounded by count, bytes and age, and seen only by the owner that made it. Thread-safe.
/// </summary>
public sealed class SignatureVault
{
    // A conversation holds a turn once; one that repeats its call thousands of times would be made many times as large here.
    private const int MostTimes = 16;
    private readonly BoundedMap<(string Owner, string CallId), SignedTurn> _turns;

    /// <summary>Makes an empty vault.</summary>
    public SignatureVault(ConversationBounds bounds, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        _turns = new(bounds.MaxCount, bounds.MaxBytes, bounds.MaxAge, time);
    }

    /// <summary>How many calls can be found.</summary>
    public int Count => _turns.Count;

    /// <summary>Bytes of signatures and reasoning that are kept.</summary>
    public long Bytes => _turns.Bytes;

    /// <summary>Keeps what an answer signed, if it calls tools.</summary>
    /// <param name="answer">The answer as the provider gave it, with the tool-call ids that the client sees.</param>
    /// <param name="owner">The name of the client's key.</param>
    /// <param name="unsigned">Whose reasoning without a signature is, where the provider wants it back all the same; else <see langword="null"/>.</param>
    public void Remember(ChatResponse answer, string owner, string? unsigned = null)
    {
        ArgumentNullException.ThrowIfNull(answer);
        foreach (var candidate in answer.Candidates)
        {
            var turn = SignedTurn.From(candidate.Parts, unsigned);
            if (turn is null) continue;
            // Every call of the turn finds it; its weight is shared among them.
            foreach (string id in turn.CallIds) _turns.Set((owner, id), turn, (turn.Bytes / turn.CallIds.Count) + 64);
        }
    }

    /// <summary>Puts kept reasoning and signatures back into the turns of a conversation that came without them.</summary>
    /// <param name="request">The request; returned as it is where there is nothing to put back.</param>
    /// <param name="owner">The name of the client's key.</param>
    /// <param name="family">The family of the target (<see cref="Signature.Family"/>): nothing that another signed is put back. <see langword="null"/> for any.</param>
    /// <param name="unsigned">Whose reasoning without a signature the target takes back; <see langword="null"/> for nobody's.</param>
    public ChatRequest Restore(ChatRequest request, string owner, string? family = null, string? unsigned = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var messages = request.Messages;
        List<ChatMessage>? restored = null;
        Dictionary<SignedTurn, int>? times = null;
        for (int start = 0; start < messages.Count; start++)
        {
            if (messages[start].Role != Role.Assistant) continue;
            int end = start + 1;
            // One turn may come as several messages: the Responses API sends each item by itself.
            while (end < messages.Count && messages[end].Role == Role.Assistant) end++;
            if (FindTurn(messages, start, end, owner, family, unsigned) is { } turn && turn.IsMissingIn(messages, start, end))
            {
                int count = (times ??= []).GetValueOrDefault(turn) + 1;
                times[turn] = count;
                if (count <= MostTimes) turn.Restore(restored ??= [.. messages], start, end);
            }
            start = end - 1;
        }
        return restored is null ? request : request with { Messages = restored };
    }

    private SignedTurn? FindTurn(IReadOnlyList<ChatMessage> messages, int start, int end, string owner, string? family, string? unsigned)
    {
        for (int i = start; i < end; i++)
        {
            foreach (var part in messages[i].Parts)
            {
                if (part is not ToolCallPart call || !_turns.TryGet((owner, call.CallId), out var turn)) continue;
                return (turn.IsUnsigned ? turn.Family == unsigned : family is null || turn.Family == family) ? turn : null;
            }
        }
        return null;
    }
}
