namespace Sluice.Configuration;

/// <summary>When and how often an attempt is repeated (<c>retry</c>).</summary>
public sealed record RetryConfig
{
    /// <summary>The built-in values.</summary>
    public static RetryConfig Default { get; } = new();

    /// <summary>Attempts at one target, the first included. Default 3; 1 means no retry.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>The delay before the first retry; it doubles each time. Default 500 ms.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest delay. Default 30 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The part of the delay that is random, 0 to 1. Default 0.5.</summary>
    public double Jitter { get; init; } = 0.5;

    /// <summary>The statuses that are retried. Default 408, 409, 429, 500, 502, 503, 504, 529.</summary>
    public IReadOnlyList<int> Statuses { get; init; } = [408, 409, 429, 500, 502, 503, 504, 529];

    /// <summary>Whether an answer that a content filter refused goes to the next target. Default false.</summary>
    public bool ContentFilter { get; init; }

    /// <summary>Whether a Retry-After (or the provider's own reset header) sets the delay. Default true.</summary>
    public bool RespectRetryAfter { get; init; } = true;
}
