namespace Sluice.Configuration;

/// <summary>When a provider's model rests because it fails (<c>breaker</c>).</summary>
public sealed record BreakerConfig
{
    /// <summary>The built-in values.</summary>
    public static BreakerConfig Default { get; } = new();

    /// <summary>Whether the breaker acts at all. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Failures in a row that open it. Default 5.</summary>
    public int Failures { get; init; } = 5;

    /// <summary>The share of failed calls within <see cref="Window"/> that opens it, 0 to 1; null (the default) means that only failures in a row count.</summary>
    public double? FailureRatio { get; init; }

    /// <summary>The least number of calls within <see cref="Window"/> before the ratio counts. Default 20.</summary>
    public int MinCalls { get; init; } = 20;

    /// <summary>The time over which the ratio is taken. Default 30 s.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it stays open before a probe. Default 30 s.</summary>
    public TimeSpan OpenFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Calls let through at once to probe. Default 1.</summary>
    public int Probes { get; init; } = 1;
}
