namespace Sluice.Resilience;

/// <summary>What follows a failed attempt.</summary>
internal enum NextStep
{
    /// <summary>The same target again, after a wait.</summary>
    Retry,

    /// <summary>The next target.</summary>
    NextTarget,

    /// <summary>No attempt can help: the client gets the error.</summary>
    Stop,
}

/// <summary>What follows a failed attempt, and after which wait.</summary>
internal readonly record struct RetryDecision(NextStep Step, TimeSpan Delay = default);
