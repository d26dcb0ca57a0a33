using System.Collections.Concurrent;
using Sluice.Resilience.Keys;
using Sluice.Resilience.Limits;

namespace Sluice.Routing;

/// <summary>What outlives a reload of one provider: its rates, and what is known of its keys. Thread-safe.</summary>
public sealed class ProviderState(string name, TimeProvider time)
{
    // Keys come from the configuration alone; the bound is for those who rotate theirs every day and never restart.
    private const int MaxKeys = 1000;
    private readonly ConcurrentDictionary<string, KeyState> _keys = new(StringComparer.Ordinal);

    /// <summary>The provider's name.</summary>
    public string Name { get; } = name;

    /// <summary>Its rates.</summary>
    public RateLimiter Limiter { get; } = new(time);

    /// <summary>What is known of a key, by its hash.</summary>
    internal KeyState KeyOf(string hash)
    {
        if (_keys.Count >= MaxKeys) _keys.Clear();
        return _keys.GetOrAdd(hash, static (_, time) => new KeyState(time), time);
    }
}
