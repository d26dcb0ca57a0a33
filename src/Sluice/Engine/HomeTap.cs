using Sluice.Chat;
using Sluice.Conversations;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Watches a Responses answer that passes through as another tap does, and remembers which provider stored it. Reads no more than the id.</summary>
internal sealed class HomeTap(IAnswerTap tap, Attempt attempt, ConversationMemory memory) : IAnswerTap
{
    private bool _known;

    public Usage? Usage => tap.Usage;

    public string? Model => tap.Model;

    public GatewayError? Error => tap.Error;

    public long OutputCharacters => tap.OutputCharacters;

    public AnswerSignal Observe(in StreamFrame frame)
    {
        var signal = tap.Observe(frame);
        if (!_known && !signal.HasFlag(AnswerSignal.Error) && Id(frame.Data) is { Length: > 0 } id)
        {
            _known = true;
            memory.Homes.Remember(attempt.Call.Owner, id, new ResponseHome(attempt.Target.Provider.Name, attempt.KeyName));
        }
        return signal;
    }

    // The first event of a stream holds the response, a whole answer is it.
    private static string? Id(ReadOnlyMemory<byte> data)
    {
        if (JsonMembers.Scan(data, out _) is not { } members) return null;
        if (!members.TryGet("response"u8, out var inner)) return members.GetString("id"u8);
        return JsonMembers.Scan(members.Body.Slice(inner.ValueStart, inner.ValueLength), out _)?.GetString("id"u8);
    }
}
