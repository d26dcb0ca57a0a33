namespace Sluice.Engine;

/// <summary>A visit that is over.</summary>
/// <param name="Visit">The target, and what was done there.</param>
/// <param name="End">How it ended.</param>
internal readonly record struct Visited(TargetVisit Visit, VisitEnd End);
