using Sluice.Resilience;
using Sluice.Resilience.Limits;

namespace Sluice.Routing;

/// <summary>What is remembered of one model at one provider, across reloads. Thread-safe.</summary>
public sealed class TargetState(TimeProvider time)
{
    private const double Weight = 0.2;
    private readonly Lock _gate = new();
    private int _busy;
    private double _firstContent = double.NaN;

    /// <summary>Its circuit breaker.</summary>
    public CircuitBreaker Breaker { get; } = new(time);

    /// <summary>Its rates.</summary>
    internal RateLimiter Limiter { get; } = new(time);

    /// <summary>Attempts under way.</summary>
    public int Busy => Volatile.Read(ref _busy);

    /// <summary>Moving average of the time to first content; <see langword="null"/> before the first answer.</summary>
    public TimeSpan? FirstContent
    {
        get
        {
            lock (_gate) return double.IsNaN(_firstContent) ? null : TimeSpan.FromSeconds(_firstContent);
        }
    }

    internal void Began() => Interlocked.Increment(ref _busy);

    internal void Ended(TimeSpan? firstContent)
    {
        Interlocked.Decrement(ref _busy);
        if (firstContent is not { } seen) return;
        lock (_gate) _firstContent = double.IsNaN(_firstContent) ? seen.TotalSeconds : (_firstContent * (1 - Weight)) + (seen.TotalSeconds * Weight);
    }
}
