using System.Collections.Concurrent;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Routing.Strategies;

namespace Sluice.Routing;

/// <summary>Puts the targets of a route in the order in which this call tries them, without those that cannot serve it. Thread-safe.</summary>
internal sealed class TargetSelector(Random random)
{
    private readonly ConcurrentDictionary<string, Turns> _turns = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The targets to try; or why none may be.</summary>
    public Selection Select(CallContext call)
    {
        var route = call.Route!;
        var filter = TargetFilter.For(call, route);
        if (filter is null && (route.IsPlain || route.Branches.Count == 0)) return new Selection(route.Targets, null);
        var ordered = Order(route, call, filter);
        call.PassedOver = filter is { Passed.Count: > 0 } ? filter.Passed : null;
        if (ordered.Count > 0) return new Selection(ordered, null);
        // What an estimate alone speaks against is tried where nothing else is left.
        return filter!.NearlyFitting() is { } near ? new Selection([near], null) : new Selection([], filter.Refusal(route));
    }

    private List<TargetModel> Order(RouteModel route, CallContext call, TargetFilter? filter)
    {
        if (route.Branches.Count == 0) return Admitted(route.Targets, filter);
        var candidates = new List<Candidate>(route.Branches.Count);
        bool onlyFirst = route.Config is { Auto: false } && !route.IsClientOrder;
        foreach (var branch in onlyFirst ? route.Branches.Take(1) : route.Branches) Consider(branch, candidates, call, filter);
        if (candidates.Count > 1) candidates = Arrange(route, candidates, call);
        var ordered = new List<TargetModel>();
        if (!onlyFirst && Canary(route, call, filter) is { } canary) ordered.AddRange(canary.Targets);
        foreach (var target in candidates.SelectMany(c => c.Targets))
        {
            if (!ordered.Contains(target)) ordered.Add(target);
        }
        return ordered;
    }

    private void Consider(RouteBranch branch, List<Candidate> candidates, CallContext call, TargetFilter? filter)
    {
        if (filter?.Admits(branch) == false) return;
        var targets = branch.Route is { } inner ? Order(inner, call, filter) : Admitted(branch.Targets, filter);
        if (targets.Count > 0) candidates.Add(new Candidate(branch, targets));
    }

    private List<Candidate> Arrange(RouteModel route, List<Candidate> candidates, CallContext call) => route.Strategy switch
    {
        RouteStrategy.Weighted => WeightedOrder.Of(candidates, random),
        RouteStrategy.RoundRobin => Rotated(candidates, Turn(route)),
        RouteStrategy.LeastBusy => [.. Rotated(candidates, Turn(route)).OrderBy(c => c.First.State.Busy)],
        RouteStrategy.LeastLatency => LatencyOrder.Of(candidates, call),
        RouteStrategy.Cheapest => CostOrder.Of(candidates, call),
        RouteStrategy.Sticky => StickyOrder.Of(candidates, route.Config!.StickyBy ?? StickyKey.User, call, random),
        _ => candidates,
    };

    private Candidate? Canary(RouteModel route, CallContext call, TargetFilter? filter)
    {
        if (route is not { Canary: { } branch, IsClientOrder: false } || !Share.Takes(route.Config!.Canary!, route.Name, call, random)) return null;
        var found = new List<Candidate>(1);
        Consider(branch, found, call, filter);
        return found.Count == 0 ? null : found[0];
    }

    private static List<TargetModel> Admitted(IReadOnlyList<TargetModel> targets, TargetFilter? filter) => filter is null ? [.. targets] : [.. targets.Where(filter.Admits)];

    private static List<Candidate> Rotated(List<Candidate> candidates, uint turn)
    {
        int start = (int)(turn % (uint)candidates.Count);
        return [.. candidates[start..], .. candidates[..start]];
    }

    private uint Turn(RouteModel route) => unchecked((uint)Interlocked.Increment(ref _turns.GetOrAdd(route.Name, static _ => new Turns()).Next) - 1);

    private sealed class Turns
    {
        public int Next;
    }
}
