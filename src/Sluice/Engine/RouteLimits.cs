using System.Collections.Concurrent;
using Sluice.Configuration;
using Sluice.Resilience.Limits;

namespace Sluice.Engine;

/// <summary>The rates of routes: each call by a route counts once, whatever its attempts. What was used outlives a reload.</summary>
internal sealed class RouteLimits(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (RouteConfig Config, LimitSet Limits)> _sets = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, RateLimiter> _limiters = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The rates of the route that the client has named.</summary>
    public LimitSet Of(CallContext call) => call.Route?.Config is { Limits.IsEmpty: false } config ? Of(config) : LimitSet.Empty;

    /// <summary>The rates of a route.</summary>
    public LimitSet Of(RouteConfig config)
    {
        if (_sets.TryGetValue(config.Name, out var known) && ReferenceEquals(known.Config, config)) return known.Limits;
        var limiter = _limiters.GetOrAdd(config.Name, static (_, time) => new RateLimiter(time), time);
        var limits = LimitSet.Of(new LimitScope($"route '{config.Name}'", config.Limits, limiter));
        _sets[config.Name] = (config, limits);
        return limits;
    }
}
