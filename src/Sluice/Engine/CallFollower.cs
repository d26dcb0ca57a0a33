using Sluice.Errors;
using Sluice.Routing;

namespace Sluice.Engine;

/// <summary>
/// Watches one call from within, for traces, debug steps and logged messages. Most calls have none: each step of the way costs them a null check.
/// Must not throw and must not wait. Attempts of a call may be under way side by side; all else comes from one flow of control.
/// </summary>
internal abstract class CallFollower
{
    /// <summary>The W3C trace id; <see langword="null"/> where it knows none.</summary>
    public virtual string? TraceId => null;

    /// <summary>The request's head was read and its route found, or not.</summary>
    public virtual void Read(CallContext call, GatewayError? error) { }

    /// <summary>The guards let the call in, or not.</summary>
    public virtual void Admitted(CallContext call, GatewayError? error) { }

    /// <summary>The targets were put in order.</summary>
    public virtual void Selected(CallContext call, IReadOnlyList<TargetModel> targets) { }

    /// <summary>An attempt begins; gives who follows it.</summary>
    public virtual AttemptFollower? Begin(Attempt attempt) => null;

    /// <summary>A target was to be tried and was not: a limit, a rest, no key.</summary>
    public virtual void Skipped(CallContext call, AttemptRecord attempt) { }

    /// <summary>The guards have settled the call.</summary>
    public virtual void Settled(CallContext call) { }

    /// <summary>The call has ended.</summary>
    public virtual void Ended(CallContext call, CallRecord record) { }
}

/// <summary>Gives followers to calls that it wants to see from within.</summary>
internal interface IFollowsCalls
{
    /// <summary>The follower of a call that begins; <see langword="null"/> for none.</summary>
    CallFollower? Follow(CallContext call);
}
