using Sluice.Errors;
using Sluice.Routing;

namespace Sluice.Engine;

/// <summary>Two followers of one call.</summary>
internal sealed class CallFollowers(CallFollower first, CallFollower second) : CallFollower
{
    public override string? TraceId => first.TraceId ?? second.TraceId;

    /// <summary>Both; the other where one is missing.</summary>
    public static CallFollower? Of(CallFollower? first, CallFollower? second) => first is null ? second : second is null ? first : new CallFollowers(first, second);

    public override void Read(CallContext call, GatewayError? error)
    {
        first.Read(call, error);
        second.Read(call, error);
    }

    public override void Admitted(CallContext call, GatewayError? error)
    {
        first.Admitted(call, error);
        second.Admitted(call, error);
    }

    public override void Selected(CallContext call, IReadOnlyList<TargetModel> targets)
    {
        first.Selected(call, targets);
        second.Selected(call, targets);
    }

    public override AttemptFollower? Begin(Attempt attempt) => AttemptFollowers.Of(first.Begin(attempt), second.Begin(attempt));

    public override void Skipped(CallContext call, AttemptRecord attempt)
    {
        first.Skipped(call, attempt);
        second.Skipped(call, attempt);
    }

    public override void Settled(CallContext call)
    {
        first.Settled(call);
        second.Settled(call);
    }

    public override void Ended(CallContext call, CallRecord record)
    {
        first.Ended(call, record);
        second.Ended(call, record);
    }
}
