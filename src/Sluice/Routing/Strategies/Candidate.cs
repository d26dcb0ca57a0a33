namespace Sluice.Routing.Strategies;

/// <summary>A line of a route that may serve the call: one model, or the models of an inner route in their own order.</summary>
/// <param name="Branch">The line.</param>
/// <param name="Targets">Its targets that may be tried; at least one.</param>
internal sealed record Candidate(RouteBranch Branch, IReadOnlyList<TargetModel> Targets)
{
    /// <summary>The target that stands for it: the one that it would try first.</summary>
    public TargetModel First => Targets[0];

    /// <summary>Its weight.</summary>
    public int Weight => Math.Max(0, Branch.Config.Weight);
}
