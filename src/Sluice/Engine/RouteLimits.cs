using System.Collections.Concurrent;
using Sluice.Configuration;
using Sluice.Resilience.Limits;

namespace Sluice.Engine;

/// <summary>The rates of routes: each call by a route's name counts once, whatever its attempts. What was used outlives a reload.</summary>
internal sealed class RouteLimits(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (RouteConfig Config, LimitSet Limits)> _sets = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, RateLimiter> _limiters = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What has been used of each route's rates.</summary>
    public IEnumerable<KeyValuePair<string, RateLimiter>> All => _limiters;

    public LimitSet Of(CallContext call)
    {
        if (call.Route?.Config is not { } config || config.Limits.IsEmpty) return LimitSet.Empty;
        if (_sets.TryGetValue(config.Name, out var known) && ReferenceEquals(known.Config, config)) return known.Limits;
        var limiter = _limiters.GetOrAdd(config.Name, static (_, time) => new RateLimiter(time), time);
        var limits = LimitSet.Of(new LimitScope($"route '{config.Name}'", config.Limits, limiter));
        _sets[config.Name] = (config, limits);
        return limits;
    }
}
