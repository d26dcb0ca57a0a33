using System.Collections.Concurrent;
using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Routing;
using Sluice.Routing.Strategies;
using Sluice.Wire;

namespace Sluice.Engine.Hedging;

/// <summary>Starts a second target where the first is slow, for routes with <c>hedge</c>, within bounds.</summary>
internal sealed class Hedges(TargetAttempts attempts, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, HedgeBudget> _budgets = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True where the route hedges this kind of call at all.</summary>
    public static bool Concern(CallContext call, IReadOnlyList<TargetModel> targets) =>
        targets.Count > 1 && call.Route?.Config?.Hedge is not null && call.Inbound.Format.Operation == WireOperation.Chat;

    /// <summary>Tries the first target, and the second beside it where the first has no content after the delay.</summary>
    /// <returns>The visits that were made, and how each ended.</returns>
    public async ValueTask<IReadOnlyList<Visited>> VisitAsync(CallFlow flow, IReadOnlyList<TargetModel> targets, CallDeadline deadline)
    {
        var call = flow.Call;
        var config = call.Route!.Config!.Hedge!;
        var budget = _budgets.GetOrAdd(call.Route.Name, static (_, time) => new HedgeBudget(time), time);
        budget.Count(config);
        try
        {
            if (Delay(config, call, targets[0]) is { } delay) return await RaceAsync(flow, targets, deadline, delay, budget).ConfigureAwait(false);
            var only = new TargetVisit(targets[0]);
            return [new Visited(only, await attempts.VisitAsync(flow, only, deadline, TimeSpan.Zero).ConfigureAwait(false))];
        }
        finally
        {
            budget.Spend(call.Gateway.Costs.Of(call), call.SideCost);
        }
    }

    private async ValueTask<IReadOnlyList<Visited>> RaceAsync(CallFlow flow, IReadOnlyList<TargetModel> targets, CallDeadline deadline, TimeSpan delay, HedgeBudget budget)
    {
        var race = new AnswerRace(time, flow.Cancelled);
        await using var _ = race.ConfigureAwait(false);
        var first = RunAsync(flow with { Race = race, Runner = 0, Cancelled = race.Token(0) }, targets[0], deadline);
        race.Started(0, first);
        if (await EndsWithinAsync(first, delay, flow.Cancelled).ConfigureAwait(false) || race.IsWon || !TryTake(flow.Call, targets[1], budget)) return [await first.ConfigureAwait(false)];
        var second = RunAsync(flow with { Race = race, Runner = 1, Cancelled = race.Token(1) }, targets[1], deadline);
        race.Started(1, second);
        await Task.WhenAll(first, second).ConfigureAwait(false);
        var ends = new[] { await first.ConfigureAwait(false), await second.ConfigureAwait(false) };
        return race.IsWon ? [ends[race.HasLost(0) ? 1 : 0]] : ends;
    }

    private async Task<Visited> RunAsync(CallFlow flow, TargetModel target, CallDeadline deadline)
    {
        var visit = new TargetVisit(target);
        try
        {
            return new Visited(visit, await attempts.VisitAsync(flow, visit, deadline, TimeSpan.Zero).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (flow.Cancelled.IsCancellationRequested)
        {
            visit.Error ??= new GatewayError(ErrorKind.Canceled, "the client went away, or another target was sooner");
            return new Visited(visit, VisitEnd.Stopped);
        }
    }

    private async ValueTask<bool> EndsWithinAsync(Task first, TimeSpan delay, CancellationToken cancelled)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        await Task.WhenAny(first, Task.Delay(delay, time, stop.Token)).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        return first.IsCompleted;
    }

    private static bool TryTake(CallContext call, TargetModel second, HedgeBudget budget)
    {
        // Read here, by one flow: from now on two look at the call.
        _ = call.Chat;
        _ = call.Demand.Tokens;
        return !call.Inbound.Aborted.IsCancellationRequested && budget.TryTake(call.Route!.Config!.Hedge!, CostOrder.Cost(second, call));
    }

    private static TimeSpan? Delay(HedgeConfig config, CallContext call, TargetModel first) =>
        config.After ?? first.State.Latency.Percentile(SizeClass.Of(call), config.AfterPercentile!.Value);
}
