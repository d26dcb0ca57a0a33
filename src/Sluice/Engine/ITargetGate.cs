using Sluice.Errors;
using Sluice.Routing;

namespace Sluice.Engine;

/// <summary>Is asked before a call goes to a target; set by a guard for calls that it concerns.</summary>
internal interface ITargetGate
{
    /// <summary>Why the target must be passed over; <see langword="null"/> where it may be tried. Asked once a visit, whatever attempts it makes.</summary>
    ValueTask<GatewayError?> EnterAsync(TargetModel target, CancellationToken cancellationToken);

    /// <summary>A visit that was let in has ended without an answer for the client.</summary>
    ValueTask LeaveAsync(TargetModel target);
}
