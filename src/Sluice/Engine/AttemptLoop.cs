using Sluice.Errors;
using Sluice.Resilience;
using Sluice.Routing;

namespace Sluice.Engine;

/// <summary>Tries the targets of a call until one answers, within the call's deadline. After the first byte has gone out nothing is tried again.</summary>
internal sealed class AttemptLoop(AttemptRunner runner, TimeProvider time, Random random)
{
    public async ValueTask<GatewayError?> RunAsync(CallContext call, IReadOnlyList<TargetModel> targets, TimeSpan total, ICallSink sink)
    {
        GatewayError? last = null;
        TimeSpan? rest = null;
        foreach (var target in targets)
        {
            if (!target.State.Breaker.TryEnter(target.Breaker, out var left))
            {
                rest = rest is null || left < rest ? left : rest;
                continue;
            }
            var (error, stop) = await TryTargetAsync(call, target, total, sink).ConfigureAwait(false);
            if (error is null) return null;
            last = Sooner(last, error);
            if (stop) break;
        }
        return last is null ? Resting(call, rest ?? TimeSpan.FromSeconds(1)) : Summary(call, last);
    }

    private async ValueTask<(GatewayError? Error, bool Stop)> TryTargetAsync(CallContext call, TargetModel target, TimeSpan total, ICallSink sink)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (attempt > 1 && !target.State.Breaker.TryEnter(target.Breaker, out _)) return (call.Attempts[^1].Error, false);
            var left = total - time.GetElapsedTime(call.Started);
            if (left <= TimeSpan.Zero)
            {
                target.State.Breaker.Report(target.Breaker, null);
                return (Late(total), true);
            }
            if (AttemptLimits.Enter(call, target, out long reserved) is { } reached)
            {
                target.State.Breaker.Report(target.Breaker, null);
                return (attempt > 1 ? call.Attempts[^1].Error : reached, false);
            }
            var result = await AttemptAsync(call, target, left, reserved, sink).ConfigureAwait(false);
            if (result.Error is not { } error) return (null, true);
            if (result.IsCommitted || sink.HasStarted || call.Inbound.Aborted.IsCancellationRequested) return (error, true);
            double share;
            lock (random) share = random.NextDouble();
            var decision = RetryPolicy.Decide(error, target.Retry, attempt, share);
            if (decision.Step != NextStep.Retry) return (error, decision.Step == NextStep.Stop);
            if (decision.Delay >= total - time.GetElapsedTime(call.Started)) return (error, false);
            try
            {
                await Task.Delay(decision.Delay, time, call.Inbound.Aborted).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return (error, true);
            }
        }
    }

    private async ValueTask<AttemptResult> AttemptAsync(CallContext call, TargetModel target, TimeSpan left, long reserved, ICallSink sink)
    {
        bool? healthy = null;
        long used = reserved;
        try
        {
            var result = await runner.RunAsync(call, target, left, sink).ConfigureAwait(false);
            healthy = IsHealthy(result.Error);
            used = Used(call, result, reserved);
            return result;
        }
        finally
        {
            AttemptLimits.Exit(target, reserved, used);
            target.State.Breaker.Report(target.Breaker, healthy);
        }
    }

    // A break in mid-stream has used what nobody reports: the estimate stands. An attempt that never answered used nothing.
    private static long Used(CallContext call, AttemptResult result, long reserved)
    {
        if (result.Error is not null && !result.IsCommitted) return 0;
        if (call.Usage is not { } usage) return reserved;
        return usage.TotalTokens ?? (usage.InputTokens is { } input && usage.OutputTokens is { } output ? input + output : reserved);
    }

    // Where all targets are limited, the client may come back when the first of them has room.
    private static GatewayError Sooner(GatewayError? last, GatewayError error) =>
        last?.Kind == ErrorKind.RateLimited && error.Kind == ErrorKind.RateLimited && last.RetryAfter < error.RetryAfter ? last : error;

    // A provider that refuses a request or limits a client is well; one that is overloaded, silent or gone is not.
    private static bool? IsHealthy(GatewayError? error) => error?.Kind.Value switch
    {
        null => true,
        "network" or "timeout" or "overloaded" or "upstream" or "malformed_answer" => false,
        "canceled" or "rate_limited" or "internal" => null,
        _ => error.Provider is null ? null : true,
    };

    private static GatewayError Resting(CallContext call, TimeSpan rest) =>
        new(ErrorKind.Overloaded, $"every target of '{call.Route?.Name}' rests after repeated failures; try again in {Math.Ceiling(rest.TotalSeconds):0} s") { Status = 503, Code = "all_targets_resting", RetryAfter = rest };

    private static GatewayError Late(TimeSpan total) => new(ErrorKind.Timeout, $"the call did not finish within {total.TotalSeconds:0.###} s (timeout.total)") { Code = "total" };

    // One target: its own error, as it is. Several: what became of each, with the status of the last.
    private static GatewayError Summary(CallContext call, GatewayError last)
    {
        var failed = call.Attempts.Where(a => a.Error is not null).ToArray();
        if (failed.Select(a => (a.Provider, a.Model)).Distinct().Count() < 2) return last;
        string attempts = string.Join("; ", failed.Select(a => $"{a.Provider}/{a.Model}: {a.Error!.Message}"));
        return last with { Message = $"no target of '{call.Route?.Name}' could answer: {attempts}", Raw = default };
    }
}
