using Sluice.Engine;

namespace Sluice.Routing;

/// <summary>The least that any target of a route can do: a call within it fits all of them, and nothing of it must be read.</summary>
/// <param name="Tokens">The smallest context window that is known; <see cref="long.MaxValue"/> for none.</param>
/// <param name="Lacks">What at least one cannot do.</param>
internal sealed record TargetBounds(long Tokens, Needs Lacks)
{
    public static TargetBounds Of(IEnumerable<TargetModel> targets, GatewayModel gateway)
    {
        var (tokens, lacks) = (long.MaxValue, Needs.None);
        foreach (var facts in targets.Select(gateway.Facts))
        {
            tokens = Math.Min(tokens, Math.Min(facts.Context ?? long.MaxValue, facts.MaxInput ?? long.MaxValue));
            lacks |= facts.Lacks;
        }
        // Reasoning is a wish: encoders leave it out for a model that does not reason, and report it.
        return new TargetBounds(tokens, lacks & ~Needs.Reasoning);
    }

    /// <summary>True where the request certainly fits every target.</summary>
    public bool Hold(RequestDemand demand) =>
        (Tokens == long.MaxValue || demand.MostTokens <= Tokens) && (Lacks == Needs.None || (Lacks & demand.Possible) == Needs.None);
}
