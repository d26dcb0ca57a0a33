namespace Sluice.Routing;

/// <summary>Which targets a caller may use; set by a guard.</summary>
/// <param name="Allows">True for a target that may be tried. Asked for every target of the call; must be quick and must not wait.</param>
/// <param name="Reason">Why others may not, for the error: <c>key 'search' may use openai/* only</c>. No secret.</param>
public sealed record TargetRestriction(Func<TargetModel, bool> Allows, string Reason);
