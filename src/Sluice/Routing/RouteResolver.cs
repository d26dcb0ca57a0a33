using Sluice.Configuration;

namespace Sluice.Routing;

/// <summary>Makes routes of what the user wrote. A route that several others name is made once.</summary>
internal sealed class RouteResolver(SluiceConfig config, IReadOnlyDictionary<string, ProviderModel> providers, Func<ProviderModel, string, TargetConfig?, TargetModel> target)
{
    private readonly Dictionary<string, RouteModel> _made = new(StringComparer.OrdinalIgnoreCase);

    // The configuration has refused cycles, and the set makes sure.
    private readonly HashSet<string> _open = new(StringComparer.OrdinalIgnoreCase);

    public RouteModel Resolve(RouteConfig route)
    {
        if (_made.TryGetValue(route.Name, out var made)) return made;
        _open.Add(route.Name);
        var branches = route.Targets.Where(t => t.Enabled).Select(Branch).OfType<RouteBranch>().ToArray();
        var canary = route.Canary is { } share ? Branch(share.Target) : null;
        var resolved = new RouteModel(route.Name, IsNamed: true, [.. branches.SelectMany(b => b.Targets).Distinct()], route.Timeouts, route)
        {
            Branches = branches,
            Canary = canary,
            Shadow = route.Shadow is { } shadow ? Branch(shadow.Target) : null,
            Inner = InnerRoutes.Of(canary is null ? branches : branches.Prepend(canary)),
            IsPlain = route is { Strategy: RouteStrategy.Fallback, Auto: true, Canary: null } && Array.TrueForAll(branches, b => b.IsPlain),
        };
        _open.Remove(route.Name);
        return _made[route.Name] = resolved;
    }

    private RouteBranch? Branch(TargetConfig written)
    {
        if (written.Route is { } inner)
        {
            if (_open.Contains(inner) || !config.Routes.TryGetValue(inner, out var route) || !route.Enabled) return null;
            var resolved = Resolve(route);
            return resolved.Targets.Count == 0 ? null : new RouteBranch(written, null, resolved);
        }
        return written.Provider is { } name && providers.TryGetValue(name, out var provider) ? new RouteBranch(written, target(provider, written.ModelName!, written), null) : null;
    }
}
