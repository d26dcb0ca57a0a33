using Sluice.Errors;
using Sluice.Resilience.Keys;
using Sluice.Routing;

namespace Sluice.Engine;

/// <summary>What a call has done at one target. Used by one flow of control at a time.</summary>
internal sealed class TargetVisit(TargetModel target)
{
    public TargetModel Target { get; } = target;

    /// <summary>Attempts sent.</summary>
    public int Attempts { get; set; }

    /// <summary>Why there is no answer yet.</summary>
    public GatewayError? Error { get; set; }

    /// <summary>The keys tried in this round.</summary>
    public KeyTrail Tried;

    /// <summary>Time stamp from which on another try makes sense, where the visit ended with <see cref="VisitEnd.Held"/>.</summary>
    public long ReadyAt { get; set; }

    /// <summary>Whether calls may wait for the inner route that holds it; <see langword="null"/> where none does, or it says nothing.</summary>
    public bool? InnerWait { get; set; }

    /// <summary>True where one of our own limits holds it, so that it must queue; false where the provider asked to wait.</summary>
    public bool IsOwnLimit { get; set; }
}

/// <summary>How a visit ended.</summary>
internal enum VisitEnd
{
    /// <summary>The client has its answer.</summary>
    Answered,

    /// <summary>Another target may answer.</summary>
    Failed,

    /// <summary>A limit holds the call: another target may answer at once, or this one after a wait.</summary>
    Held,

    /// <summary>Nothing else may be tried.</summary>
    Stopped,
}
