using Sluice.Engine;
using Sluice.Pricing;

namespace Sluice.Routing.Strategies;

/// <summary>Cheapest first for this request; a model of unknown price is not taken for free and comes last.</summary>
internal static class CostOrder
{
    // Where the client sets no limit, an answer of usual length.
    private const long UsualOutput = 1000;

    public static List<Candidate> Of(List<Candidate> candidates, CallContext call) => [.. candidates.OrderBy(c => Cost(c.First, call) ?? decimal.MaxValue)];

    /// <summary>What the call is thought to cost at a target, in USD; <see langword="null"/> where its price is unknown.</summary>
    public static decimal? Cost(TargetModel target, CallContext call)
    {
        var facts = call.Gateway.Facts(target);
        long output = Math.Min(call.Demand.MaxOutput ?? UsualOutput, facts.MaxOutput ?? long.MaxValue);
        return CostEstimator.Most(facts.Prices, new CallBounds(call.Demand.Tokens, output) { MayWriteCache = false }, new CostQuery { At = call.StartedAt });
    }
}
