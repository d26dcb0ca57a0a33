using Sluice.Engine;

namespace Sluice.Routing.Strategies;

/// <summary>Soonest first content first, by what was seen of calls of like size. A target that nobody has seen for a while gets one call to be seen anew.</summary>
internal static class LatencyOrder
{
    public static List<Candidate> Of(List<Candidate> candidates, CallContext call)
    {
        var size = SizeClass.Of(call);
        var known = candidates.OrderBy(c => c.First.State.Latency.Expected(size) ?? double.MaxValue).ToList();
        var longest = candidates.Where(c => c.First.State.Latency.NeedsLook(size)).MinBy(c => c.First.State.Latency.LastLook(size));
        if (longest is null || !longest.First.State.Latency.TryLook(size)) return known;
        known.Remove(longest);
        known.Insert(0, longest);
        return known;
    }
}
