namespace Sluice.Resilience;

/// <summary>The leave of one call to go to its target, to be reported with what became of it.</summary>
public readonly record struct BreakerPass
{
    /// <summary>How often the breaker had opened or closed when the call was let in: what comes from another time says nothing about now.</summary>
    internal int Era { get; init; }

    /// <summary>True for a call that finds out whether the target is well again.</summary>
    public bool IsProbe { get; init; }
}
