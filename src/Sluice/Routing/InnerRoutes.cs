using System.Collections.Frozen;
using Sluice.Configuration;

namespace Sluice.Routing;

/// <summary>Which inner routes with rates of their own a route's targets are reached through, the outermost first. Immutable.</summary>
internal sealed class InnerRoutes
{
    private readonly FrozenDictionary<TargetModel, IReadOnlyList<RouteConfig>> _ways;

    private InnerRoutes(Dictionary<TargetModel, IReadOnlyList<RouteConfig>> ways)
    {
        _ways = ways.ToFrozenDictionary();
        CountTokens = ways.Values.Any(way => way.Any(route => route.Limits.Tpm is not null));
    }

    /// <summary>Whether any of them limits tokens, so that an estimate is needed.</summary>
    public bool CountTokens { get; }

    /// <summary>The inner routes of a route's lines; <see langword="null"/> where none has rates.</summary>
    public static InnerRoutes? Of(IEnumerable<RouteBranch> lines)
    {
        var ways = new Dictionary<TargetModel, IReadOnlyList<RouteConfig>>();
        foreach (var line in lines) Add(ways, line, []);
        return ways.Count == 0 ? null : new InnerRoutes(ways);
    }

    /// <summary>Those on the way to a target; empty where there are none.</summary>
    public IReadOnlyList<RouteConfig> To(TargetModel target) => _ways.GetValueOrDefault(target, []);

    // A target that is reached on several ways is tried once, on the first of them.
    private static void Add(Dictionary<TargetModel, IReadOnlyList<RouteConfig>> ways, RouteBranch line, IReadOnlyList<RouteConfig> way)
    {
        if (line.Route is not { } inner)
        {
            if (way.Count > 0) ways.TryAdd(line.Target!, way);
            return;
        }
        if (inner.Config is { Limits.IsEmpty: false } limited) way = [.. way, limited];
        foreach (var next in inner.Canary is { } canary ? inner.Branches.Prepend(canary) : inner.Branches) Add(ways, next, way);
    }
}
