using Sluice.Chat;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Two followers of one attempt.</summary>
internal sealed class AttemptFollowers(AttemptFollower first, AttemptFollower second) : AttemptFollower
{
    public override bool WantsAnswer => first.WantsAnswer || second.WantsAnswer;

    /// <summary>Both; the other where one is missing.</summary>
    public static AttemptFollower? Of(AttemptFollower? first, AttemptFollower? second) => first is null ? second : second is null ? first : new AttemptFollowers(first, second);

    public override void Propagate(HttpRequestMessage message)
    {
        first.Propagate(message);
        second.Propagate(message);
    }

    public override void Sending(PreparedRequest request, HttpRequestMessage message)
    {
        first.Sending(request, message);
        second.Sending(request, message);
    }

    public override void Answered(HttpResponseMessage answer)
    {
        first.Answered(answer);
        second.Answered(answer);
    }

    public override void Frame(in StreamFrame frame)
    {
        first.Frame(frame);
        second.Frame(frame);
    }

    public override void Event(StreamEvent next)
    {
        first.Event(next);
        second.Event(next);
    }

    public override void Whole(ReadOnlyMemory<byte> body, ChatResponse? decoded)
    {
        first.Whole(body, decoded);
        second.Whole(body, decoded);
    }

    public override void Ended(AttemptRecord record)
    {
        first.Ended(record);
        second.Ended(record);
    }
}
