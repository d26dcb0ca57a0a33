namespace Sluice.Resilience;

/// <summary>The state of a breaker.</summary>
public enum BreakerState
{
    /// <summary>Calls pass.</summary>
    Closed,

    /// <summary>The target rests.</summary>
    Open,

    /// <summary>A few calls probe whether it is well again.</summary>
    HalfOpen,
}
