using Sluice.Errors;
using Sluice.Formats.Shared;
using Sluice.Resilience;
using Sluice.Resilience.Keys;
using Sluice.Resilience.Limits;
using Sluice.Routing;

namespace Sluice.Engine;

/// <summary>
/// Makes the attempts of a call at one target: through its limits, with a key, past its breaker; again where that helps. Everything taken for an
/// attempt is given back, whatever becomes of it.
/// </summary>
internal sealed class TargetAttempts(AttemptRunner runner, EngineStop stop, TimeProvider time, Random random)
{
    /// <summary>Tries a target until it answers, or until another should.</summary>
    /// <param name="flow">The call, and where its answer goes.</param>
    /// <param name="visit">The target, and what was done there.</param>
    /// <param name="deadline">The end of the call.</param>
    /// <param name="patience">How long the call may queue for room under our own limits; zero to pass at once or not.</param>
    public ValueTask<VisitEnd> VisitAsync(CallFlow flow, TargetVisit visit, CallDeadline deadline, TimeSpan patience) =>
        flow.Inner is null && flow.Call.TargetGate is null ? TryAsync(flow, visit, deadline, patience) : GuardedAsync(flow, visit, deadline, patience);

    private async ValueTask<VisitEnd> GuardedAsync(CallFlow flow, TargetVisit visit, CallDeadline deadline, TimeSpan patience)
    {
        if (flow.Inner is { } inner && await PassAsync(flow, visit, inner, deadline, patience).ConfigureAwait(false) is { } held) return held;
        var gate = flow.Call.TargetGate;
        if (gate is not null && await gate.EnterAsync(visit.Target, flow.Cancelled).ConfigureAwait(false) is { } refused) return Skip(flow.Call, visit, refused);
        var end = await TryAsync(flow, visit, deadline, patience).ConfigureAwait(false);
        if (gate is not null && end is VisitEnd.Failed or VisitEnd.Held) await gate.LeaveAsync(visit.Target).ConfigureAwait(false);
        return end;
    }

    // Through the inner routes before the target; how the visit ends where one of them holds it, else null.
    private async ValueTask<VisitEnd?> PassAsync(CallFlow flow, TargetVisit visit, InnerPasses inner, CallDeadline deadline, TimeSpan patience)
    {
        while (inner.TryEnter(visit.Target, flow.Runner, hasAnswered: flow.Continues is not null) is { } hold)
        {
            LimitRefusal? refusal = hold.Refusal;
            if (patience > TimeSpan.Zero)
            {
                long asked = time.GetTimestamp();
                refusal = await QueueAsync(hold.Limits, inner.Tokens, Min(patience, deadline.Left), flow.Cancelled).ConfigureAwait(false);
                flow.Call.Waited(time.GetElapsedTime(asked), atLimit: true);
            }
            if (refusal is null) inner.Entered(hold, flow.Runner);
            if (stop.Token.IsCancellationRequested) return Stop(visit, EngineStop.Error);
            if (refusal is not { } reached) continue;
            visit.InnerWait = hold.Route.Wait;
            return Hold(flow.Call, visit, reached.Wait, reached.ToError(), isOwn: true);
        }
        visit.InnerWait = null;
        return null;
    }

    private async ValueTask<VisitEnd> TryAsync(CallFlow flow, TargetVisit visit, CallDeadline deadline, TimeSpan patience)
    {
        var call = flow.Call;
        visit.Tried = default;
        var limits = visit.Target.Limits;
        long tokens = limits.CountsTokens ? AttemptTokens.Estimate(call) : 0;
        while (true)
        {
            var left = deadline.Left;
            if (left <= TimeSpan.Zero) return Stop(visit, deadline.Error);
            if (visit.Target.State.Breaker.IsOpen(visit.Target.Breaker, out var rest)) return Rest(call, visit, rest);
            var refusal = limits.TryEnter(tokens);
            if (refusal is not null && patience > TimeSpan.Zero)
            {
                long asked = time.GetTimestamp();
                refusal = await QueueAsync(limits, tokens, Min(patience, left), flow.Cancelled).ConfigureAwait(false);
                call.Waited(time.GetElapsedTime(asked), atLimit: true);
            }
            if (stop.Token.IsCancellationRequested) return Stopped(visit, refusal, tokens);
            if (refusal is { } reached) return Hold(call, visit, reached.Wait, reached.ToError(visit.Target.Provider.Name), isOwn: true);
            var choice = visit.Target.Provider.Authenticator.IsPassthrough ? default : visit.Target.Provider.Keys.Choose(visit.Target.Model, visit.Tried);
            if (choice.IsNone)
            {
                limits.Undo(tokens);
                return NoKey(call, visit, choice);
            }
            if (!visit.Target.State.Breaker.TryEnter(visit.Target.Breaker, out var pass, out rest))
            {
                limits.Undo(tokens);
                return Rest(call, visit, rest);
            }
            var result = await AttemptAsync(flow, visit, new Admission(choice.Key, pass, tokens), deadline.Left).ConfigureAwait(false);
            if (result.Error is not { } error) return VisitEnd.Answered;
            if (result.IsCommitted || flow.IsOver) return Stop(visit, error);
            visit.Error = error;
            if (await NextAsync(flow, visit, choice.Key, error, deadline).ConfigureAwait(false) is { } end) return end;
        }
    }

    // What follows a failed attempt; null for another one here.
    private async ValueTask<VisitEnd?> NextAsync(CallFlow flow, TargetVisit visit, ProviderKey? key, GatewayError error, CallDeadline deadline)
    {
        if (key is not null) visit.Tried.Add(key.Index);
        bool hasOtherKey = key is not null && visit.Target.Provider.Keys.HasFree(visit.Target.Model, visit.Tried);
        double share;
        lock (random) share = random.NextDouble();
        var decision = RetryPolicy.Decide(error, visit.Target.Retry, visit.Attempts, share, hasOtherKey);
        switch (decision.Step)
        {
            case NextStep.NextKey:
                return null;
            case NextStep.Hold:
                (visit.ReadyAt, visit.IsOwnLimit) = (At(decision.Delay), false);
                return VisitEnd.Held;
            case NextStep.Retry when decision.Delay < deadline.Left:
                // A fault that is none of the key's: the same key may be used again.
                visit.Tried = default;
                return await DelayAsync(decision.Delay, flow).ConfigureAwait(false) ? null : VisitEnd.Stopped;
            case NextStep.Stop:
                return VisitEnd.Stopped;
            default:
                return VisitEnd.Failed;
        }
    }

    /// <summary>Whether a request that did not fit one target's context may fit another's; a window that is not known may be larger.</summary>
    public static bool MayHoldMore(CallContext call, TargetModel target, TargetModel tooSmall)
    {
        if (Window(call, tooSmall) is not { } failed || Window(call, target) is not { } window || window > failed) return true;
        Skip(call, new TargetVisit(target), new GatewayError(ErrorKind.ContextTooLong, $"its context of {window} tokens is no larger than that of {tooSmall.Id}") { Provider = target.Provider.Name });
        return false;
    }

    /// <summary>Queues for room; the host's stop ends the wait as if there were none.</summary>
    public async ValueTask<LimitRefusal?> QueueAsync(LimitSet limits, long tokens, TimeSpan patience, CancellationToken cancelled)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancelled, stop.Token);
        try
        {
            return await limits.EnterAsync(tokens, patience, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested && !cancelled.IsCancellationRequested)
        {
            return new LimitRefusal("", "", 0, TimeSpan.Zero);
        }
    }

    private static VisitEnd Stopped(TargetVisit visit, LimitRefusal? refusal, long tokens)
    {
        if (refusal is null) visit.Target.Limits.Undo(tokens);
        return Stop(visit, EngineStop.Error);
    }

    /// <summary>Waits; false when the client left, another flow answered or the host must stop meanwhile.</summary>
    public async ValueTask<bool> DelayAsync(TimeSpan delay, CallFlow flow)
    {
        long began = time.GetTimestamp();
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(flow.Cancelled, stop.Token);
            await Task.Delay(delay, time, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            flow.Call.Waited(time.GetElapsedTime(began), atLimit: false);
        }
    }

    private async ValueTask<AttemptResult> AttemptAsync(CallFlow flow, TargetVisit visit, Admission admission, TimeSpan left)
    {
        var target = visit.Target;
        var attempt = new Attempt(flow, target);
        bool? healthy = null;
        long used = admission.Reserved;
        try
        {
            visit.Attempts++;
            flow.Inner?.Sent(flow.Runner);
            var result = await runner.RunAsync(attempt, admission.Key, left).ConfigureAwait(false);
            healthy = IsHealthy(result.Error);
            used = AttemptTokens.Used(attempt.Usage, result, admission.Reserved);
            if (admission.Key is { } key) target.Provider.Keys.Report(key, target.Model, result.Error, used);
            return result;
        }
        finally
        {
            target.Limits.Exit(admission.Reserved, used);
            target.State.Breaker.Report(target.Breaker, admission.Pass, healthy);
        }
    }

    private VisitEnd NoKey(CallContext call, TargetVisit visit, KeyChoice choice)
    {
        if (choice.Rest is not { } rest) return visit.Error is null ? Skip(call, visit, new GatewayError(ErrorKind.Authentication, $"every key of provider '{visit.Target.Provider.Name}' is set aside") { Provider = visit.Target.Provider.Name }) : VisitEnd.Failed;
        var error = new GatewayError(ErrorKind.RateLimited, $"every key of provider '{visit.Target.Provider.Name}' is limited there; try again in {Math.Max(1, Math.Ceiling(rest.TotalSeconds)):0} s")
        {
            Provider = visit.Target.Provider.Name,
            Status = 429,
            Code = "rate_limit_exceeded",
            RetryAfter = rest,
        };
        return Hold(call, visit, rest, error, isOwn: false);
    }

    private static VisitEnd Rest(CallContext call, TargetVisit visit, TimeSpan rest) => Skip(call, visit, new GatewayError(ErrorKind.Overloaded, $"rests after repeated failures; try again in {Math.Max(1, Math.Ceiling(rest.TotalSeconds)):0} s")
    {
        Provider = visit.Target.Provider.Name,
        Status = 503,
        Code = "target_resting",
        RetryAfter = rest,
    });

    private VisitEnd Hold(CallContext call, TargetVisit visit, TimeSpan wait, GatewayError error, bool isOwn)
    {
        // A call that comes back from a wait to the same limit has said so already.
        if (visit.Error?.Kind != ErrorKind.RateLimited) Skip(call, visit, error);
        visit.Error = error;
        (visit.ReadyAt, visit.IsOwnLimit) = (At(wait), isOwn);
        return VisitEnd.Held;
    }

    private static VisitEnd Stop(TargetVisit visit, GatewayError error)
    {
        visit.Error = error;
        return VisitEnd.Stopped;
    }

    // An attempt that was not sent has its reason told like the others'.
    private static VisitEnd Skip(CallContext call, TargetVisit visit, GatewayError error)
    {
        var skipped = new AttemptRecord { Provider = visit.Target.Provider.Name, Model = visit.Target.Model, ProviderName = visit.Target.Provider.GenAIName, ModelLabel = call.Gateway.LabelOf(visit.Target), Lane = call.Lane ?? Lane.Verbatim, Error = error, IsSent = false };
        call.Add(skipped);
        call.Follower?.Skipped(call, skipped);
        // What the provider itself said of an earlier attempt tells the client more.
        visit.Error ??= error;
        return VisitEnd.Failed;
    }

    private static long? Window(CallContext call, TargetModel target) => call.Gateway.Facts(target) is var facts && facts.MaxInput is { } input && input < facts.Context ? input : facts.Context;

    private long At(TimeSpan wait) => time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);

    // A provider that refuses a request or limits a client is well; one that is overloaded, silent or gone is not.
    private static bool? IsHealthy(GatewayError? error) => error?.Kind.Value switch
    {
        null => true,
        "overloaded" when error.StopsCall => null,
        // An answer without content is one model's way with one request: the server is well, and the next request may be answered.
        "malformed_answer" when error.Code == EmptyAnswer.Error.Code => null,
        "network" or "timeout" or "overloaded" or "upstream" or "malformed_answer" => false,
        "canceled" or "rate_limited" or "internal" => null,
        _ => error.Provider is null ? null : true,
    };

    // What an attempt was let in with.
    private readonly record struct Admission(ProviderKey? Key, BreakerPass Pass, long Reserved);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
