using System.Collections.Concurrent;
using Sluice.Configuration;
using Sluice.Engine;

namespace Sluice.Routing;

/// <summary>Puts the targets of a route in the order in which this call tries them. Thread-safe.</summary>
internal sealed class TargetSelector(Random random)
{
    private readonly ConcurrentDictionary<string, StrongBox> _turns = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<TargetModel> Order(RouteModel route, CallContext call)
    {
        var targets = route.Targets;
        if (targets.Count < 2 || route.Config is not { } config) return targets;
        if (!config.Auto) return [targets[0]];
        return config.Strategy switch
        {
            RouteStrategy.Weighted => Weighted(targets),
            RouteStrategy.RoundRobin => Rotated(targets, Turn(route.Name)),
            RouteStrategy.LeastBusy => [.. targets.OrderBy(t => t.State.Busy)],
            RouteStrategy.LeastLatency => [.. targets.OrderBy(t => t.State.FirstContent ?? TimeSpan.Zero)],
            RouteStrategy.Sticky => Rotated(targets, StickyHash.Of(config.StickyBy ?? StickyKey.User, call)),
            _ => targets,
        };
    }

    // Each place is drawn among those that are left, by weight: a failed first choice falls back to the others by their weights too.
    private TargetModel[] Weighted(IReadOnlyList<TargetModel> targets)
    {
        var left = targets.ToList();
        var ordered = new TargetModel[targets.Count];
        for (int place = 0; place < ordered.Length; place++)
        {
            int total = left.Sum(t => Math.Max(0, t.Config?.Weight ?? 1));
            int drawn = 0;
            if (total > 0)
            {
                int ticket;
                lock (random) ticket = random.Next(total);
                while ((ticket -= Math.Max(0, left[drawn].Config?.Weight ?? 1)) >= 0) drawn++;
            }
            ordered[place] = left[drawn];
            left.RemoveAt(drawn);
        }
        return ordered;
    }

    private static TargetModel[] Rotated(IReadOnlyList<TargetModel> targets, uint turn)
    {
        int start = (int)(turn % (uint)targets.Count);
        return [.. targets.Skip(start), .. targets.Take(start)];
    }

    private uint Turn(string route) => unchecked((uint)Interlocked.Increment(ref _turns.GetOrAdd(route, static _ => new StrongBox()).Value) - 1);

    private sealed class StrongBox
    {
        public int Value;
    }
}
