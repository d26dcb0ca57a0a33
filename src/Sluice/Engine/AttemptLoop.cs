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
        foreach (var target in targets)
        {
            var (error, stop) = await TryTargetAsync(call, target, total, sink).ConfigureAwait(false);
            if (error is null) return null;
            last = error;
            if (stop) break;
        }
        return Summary(call, last!);
    }

    private async ValueTask<(GatewayError? Error, bool Stop)> TryTargetAsync(CallContext call, TargetModel target, TimeSpan total, ICallSink sink)
    {
        for (int attempt = 1; ; attempt++)
        {
            var left = total - time.GetElapsedTime(call.Started);
            if (left <= TimeSpan.Zero) return (Late(total), true);
            var result = await runner.RunAsync(call, target, left, sink).ConfigureAwait(false);
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
