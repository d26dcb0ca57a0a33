using Sluice.Engine.Continuing;
using Sluice.Engine.Hedging;
using Sluice.Errors;
using Sluice.Routing;

namespace Sluice.Engine;

/// <summary>
/// Tries the targets of a call until one answers, within the call's deadline; where limits hold all that are left, waits for the first of them if it
/// may. After the first byte has gone out nothing is tried again.
/// </summary>
internal sealed class AttemptLoop(TargetAttempts attempts, Hedges hedges, Continuations continuations, RouteLimits routes, TimeProvider time)
{
    public ValueTask<GatewayError?> RunAsync(CallContext call, IReadOnlyList<TargetModel> targets, TimeSpan total, ICallSink sink) =>
        LeavingClient.Concerns(call) ? FinishAsync(call, targets, total, sink) : RunAsync(new CallFlow(call, sink, call.Inbound.Aborted), targets, total);

    private async ValueTask<GatewayError?> FinishAsync(CallContext call, IReadOnlyList<TargetModel> targets, TimeSpan total, ICallSink sink)
    {
        using var leaving = new LeavingClient(call, sink);
        return await RunAsync(new CallFlow(call, leaving, leaving.Cancelled), targets, total).ConfigureAwait(false);
    }

    private async ValueTask<GatewayError?> RunAsync(CallFlow flow, IReadOnlyList<TargetModel> targets, TimeSpan total)
    {
        var (call, sink) = (flow.Call, flow.Sink);
        var deadline = new CallDeadline(time, call.Started, total);
        var limits = routes.Of(call);
        if (limits.IsEmpty) return await TryBehindAsync(flow, targets, deadline).ConfigureAwait(false);
        long reserved = limits.CountsTokens ? AttemptTokens.Estimate(call) : 0;
        var patience = call.Route!.Config!.Wait ?? call.Gateway.Config.Defaults.Wait ? deadline.Left : TimeSpan.Zero;
        var refused = limits.TryEnter(reserved);
        if (refused is not null && patience > TimeSpan.Zero)
        {
            long asked = time.GetTimestamp();
            refused = await attempts.QueueAsync(limits, reserved, patience, call.Inbound.Aborted).ConfigureAwait(false);
            call.Waited(time.GetElapsedTime(asked), atLimit: true);
        }
        if (refused is { } refusal) return refusal.Name.Length == 0 ? EngineStop.Error : refusal.ToError();
        long used = 0;
        try
        {
            var error = await TryBehindAsync(flow, targets, deadline).ConfigureAwait(false);
            used = AttemptTokens.Used(call.Usage, new AttemptResult(error, sink.HasStarted), reserved);
            return error;
        }
        finally
        {
            limits.Exit(reserved, used);
        }
    }

    private ValueTask<GatewayError?> TryBehindAsync(CallFlow flow, IReadOnlyList<TargetModel> targets, CallDeadline deadline) =>
        flow.Call.Route!.Inner is { } inner ? TryBehindAsync(flow, targets, deadline, inner) : TryAsync(flow, targets, deadline);

    // Targets behind inner routes with rates of their own.
    private async ValueTask<GatewayError?> TryBehindAsync(CallFlow flow, IReadOnlyList<TargetModel> targets, CallDeadline deadline, InnerRoutes inner)
    {
        var passes = new InnerPasses(inner, routes, inner.CountTokens ? AttemptTokens.Estimate(flow.Call) : 0);
        long used = passes.Tokens;
        try
        {
            var error = await TryAsync(flow with { Inner = passes }, targets, deadline).ConfigureAwait(false);
            used = AttemptTokens.Used(flow.Call.Usage, new AttemptResult(error, flow.Sink.HasStarted), passes.Tokens);
            return error;
        }
        finally
        {
            passes.End(used);
        }
    }

    private async ValueTask<GatewayError?> TryAsync(CallFlow flow, IReadOnlyList<TargetModel> targets, CallDeadline deadline)
    {
        var error = await TryEachAsync(flow, targets, deadline).ConfigureAwait(false);
        return flow.Call.Broken is null ? error : await continuations.RunAsync(flow, targets, deadline).ConfigureAwait(false);
    }

    private async ValueTask<GatewayError?> TryEachAsync(CallFlow flow, IReadOnlyList<TargetModel> targets, CallDeadline deadline)
    {
        var call = flow.Call;
        var tally = default(VisitTally);
        int next = 0;
        if (Hedges.Concern(call, targets))
        {
            var visits = await hedges.VisitAsync(flow, targets, deadline).ConfigureAwait(false);
            foreach (var visited in visits)
            {
                if (tally.Add(visited)) return tally.Result(call);
            }
            next = visits.Count;
        }
        for (; next < targets.Count; next++)
        {
            if (tally.TooSmall is { } tooSmall && !TargetAttempts.MayHoldMore(call, targets[next], tooSmall)) continue;
            var visit = new TargetVisit(targets[next]);
            var end = await attempts.VisitAsync(flow, visit, deadline, TimeSpan.Zero).ConfigureAwait(false);
            if (tally.Add(new Visited(visit, end))) return tally.Result(call);
        }
        while (tally.Held is { } held && Next(call, held, deadline) is { } visit)
        {
            var end = await AgainAsync(flow, visit, deadline).ConfigureAwait(false);
            if (tally.AddAgain(new Visited(visit, end))) break;
        }
        return tally.Result(call);
    }

    private async ValueTask<VisitEnd> AgainAsync(CallFlow flow, TargetVisit visit, CallDeadline deadline)
    {
        var patience = Waits(flow.Call, visit) ? deadline.Left : TimeSpan.Zero;
        var wait = Left(visit);
        if (!visit.IsOwnLimit && wait > TimeSpan.Zero && !await attempts.DelayAsync(wait, flow).ConfigureAwait(false)) return VisitEnd.Stopped;
        return await attempts.VisitAsync(flow, visit, deadline, patience).ConfigureAwait(false);
    }

    // The target that has room first, among those that may be waited for.
    private TargetVisit? Next(CallContext call, List<TargetVisit> held, CallDeadline deadline)
    {
        TargetVisit? next = null;
        foreach (var visit in held)
        {
            if (MayWait(call, visit, Left(visit), deadline) && (next is null || visit.ReadyAt < next.ReadyAt)) next = visit;
        }
        return next;
    }

    private static bool MayWait(CallContext call, TargetVisit visit, TimeSpan wait, CallDeadline deadline)
    {
        if (wait >= deadline.Left || call.Inbound.Aborted.IsCancellationRequested) return false;
        bool waits = Waits(call, visit);
        if (visit.IsOwnLimit) return waits;
        var retry = visit.Target.Retry;
        return visit.Attempts < retry.MaxAttempts && (waits || wait <= retry.MaxDelay);
    }

    // The word of the route that the client has named; else of the inner route, or the provider, whose limit it is.
    private static bool Waits(CallContext call, TargetVisit visit) => call.Route?.Config?.Wait ?? visit.InnerWait ?? visit.Target.Provider.Config.Wait;

    private TimeSpan Left(TargetVisit visit)
    {
        long now = time.GetTimestamp();
        return visit.ReadyAt <= now ? TimeSpan.Zero : time.GetElapsedTime(now, visit.ReadyAt);
    }
}
