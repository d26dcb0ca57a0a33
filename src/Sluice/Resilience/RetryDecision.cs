namespace Sluice.Resilience;

/// <summary>What follows a failed attempt.</summary>
internal enum NextStep
{
    /// <summary>The same target again, after a wait.</summary>
    Retry,

    /// <summary>The same target at once with another of its provider's keys, where there is one.</summary>
    NextKey,

    /// <summary>The next target; this one again after a wait where no other can answer.</summary>
    Hold,

    /// <summary>The next target.</summary>
    NextTarget,

    /// <summary>No attempt can help: the client gets the error.</summary>
    Stop,
}

/// <summary>What follows a failed attempt, and after which wait.</summary>
internal readonly record struct RetryDecision(NextStep Step, TimeSpan Delay = default);
