using System.Collections.Concurrent;
using Sluice.Resilience.Limits;

namespace Sluice.Access;

/// <summary>What has been used of the rates of keys and groups in this process. Outlives changes of both.</summary>
internal sealed class KeyLimiters(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, RateLimiter> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RateLimiter> _groups = new(StringComparer.Ordinal);

    /// <summary>The rates of a key, by its id.</summary>
    public RateLimiter OfKey(string id) => _keys.GetOrAdd(id, static (_, time) => new RateLimiter(time), time);

    /// <summary>The rates of a group, by its name.</summary>
    public RateLimiter OfGroup(string name) => _groups.GetOrAdd(name, static (_, time) => new RateLimiter(time), time);
}
