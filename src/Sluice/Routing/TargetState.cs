using Sluice.Resilience;
using Sluice.Resilience.Limits;

namespace Sluice.Routing;

/// <summary>What is remembered of one model at one provider, across reloads. Thread-safe.</summary>
public sealed class TargetState(TimeProvider time)
{
    private int _busy;

    /// <summary>Its circuit breaker.</summary>
    public CircuitBreaker Breaker { get; } = new(time);

    /// <summary>Its rates.</summary>
    public RateLimiter Limiter { get; } = new(time);

    /// <summary>Its times to first content.</summary>
    internal LatencyState Latency { get; } = new(time);

    /// <summary>Attempts under way.</summary>
    public int Busy => Volatile.Read(ref _busy);

    internal void Began() => Interlocked.Increment(ref _busy);

    internal void Ended() => Interlocked.Decrement(ref _busy);
}
