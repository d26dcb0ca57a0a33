using Sluice.Resilience.Limits;

namespace Sluice.Routing;

/// <summary>What outlives a reload of one provider: counters. Thread-safe.</summary>
public sealed class ProviderState(string name, TimeProvider time)
{
    private int _nextKey = -1;

    /// <summary>The provider's name.</summary>
    public string Name { get; } = name;

    /// <summary>Its rates.</summary>
    internal RateLimiter Limiter { get; } = new(time);

    /// <summary>The turn of the next key, counting up.</summary>
    internal int TakeKeyTurn() => Interlocked.Increment(ref _nextKey) & int.MaxValue;
}
