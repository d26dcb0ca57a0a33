using Sluice.Errors;
using Sluice.Routing;

namespace Sluice.Engine;

/// <summary>What the visits of a call have come to so far. Mutable, and meant to live in one method.</summary>
internal struct VisitTally
{
    private GatewayError? _last;
    private bool _isAnswered;

    /// <summary>Visits that a limit holds and that may be made again; <see langword="null"/> for none.</summary>
    public List<TargetVisit>? Held { get; private set; }

    /// <summary>The last target whose context was too small; <see langword="null"/> for none.</summary>
    public TargetModel? TooSmall { get; private set; }

    /// <summary>Adds a first visit. True when the call is over.</summary>
    public bool Add(Visited visited)
    {
        var (visit, end) = visited;
        if (IsAnswer(end)) return true;
        _last = AttemptSummary.Better(_last, visit.Error!);
        if (end == VisitEnd.Stopped) return true;
        if (end == VisitEnd.Held) (Held ??= []).Add(visit);
        if (visit.Error!.Kind == ErrorKind.ContextTooLong) TooSmall = visit.Target;
        return false;
    }

    /// <summary>Adds a visit of one that was held. True when the call is over.</summary>
    public bool AddAgain(Visited visited)
    {
        var (visit, end) = visited;
        if (IsAnswer(end)) return true;
        _last = end == VisitEnd.Stopped ? visit.Error : AttemptSummary.Better(_last, visit.Error!);
        if (end == VisitEnd.Stopped) return true;
        // Who did not get room within the patience of the call, or found the queue full, will not get it now.
        if (end == VisitEnd.Failed || visit.IsOwnLimit) Held!.Remove(visit);
        return false;
    }

    /// <summary>The error of the call; <see langword="null"/> where the client has its answer.</summary>
    public readonly GatewayError? Result(CallContext call) => _isAnswered ? null : AttemptSummary.Of(call, _last);

    private bool IsAnswer(VisitEnd end) => _isAnswered |= end == VisitEnd.Answered;
}
