using Sluice.Configuration;
using Sluice.Engine;

namespace Sluice.Routing.Strategies;

/// <summary>
/// Rendezvous hashing: every target draws a number for the caller and the highest wins, in proportion to the weights. A target that comes or goes moves
/// only its own callers, and the callers of one that rests spread over the others.
/// </summary>
internal static class StickyOrder
{
    public static List<Candidate> Of(List<Candidate> candidates, StickyKey key, CallContext call, Random random)
    {
        // Whom nothing identifies is spread by weight: one target for all of them would be overrun.
        if (StickyHash.Of(key, call) is not { } caller) return WeightedOrder.Of(candidates, random);
        return [.. candidates.OrderByDescending(c => Score(caller, c))];
    }

    private static double Score(ulong caller, Candidate candidate)
    {
        if (candidate.Weight == 0) return double.NegativeInfinity;
        double drawn = ((StickyHash.Mix(caller ^ StickyHash.Of(candidate.Branch.Name)) >> 11) + 0.5) / (1UL << 53);
        return candidate.Weight / -Math.Log(drawn);
    }
}
