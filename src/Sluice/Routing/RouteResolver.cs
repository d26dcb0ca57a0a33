using Sluice.Configuration;

namespace Sluice.Routing;

/// <summary>Makes routes of what the user wrote. A route that several others name is made once.</summary>
/// <param name="config">The configuration.</param>
/// <param name="providers">The providers in use.</param>
/// <param name="target">Makes a target.</param>
/// <param name="allowed">The models that <c>allow.models</c> permits; <see langword="null"/> for all.</param>
/// <param name="parts">What the stars of the pattern stand for by which a call has come; empty for a route that is no pattern.</param>
internal sealed class RouteResolver(SluiceConfig config, IReadOnlyDictionary<string, ProviderModel> providers, Func<ProviderModel, string, TargetConfig?, TargetModel> target, ModelPatterns? allowed, IReadOnlyList<string> parts)
{
    private readonly Dictionary<string, RouteModel> _made = new(StringComparer.OrdinalIgnoreCase);

    // The configuration has refused cycles, and the set makes sure.
    private readonly HashSet<string> _open = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is wrong with the name of a model that a pattern's stars made; <see langword="null"/> where nothing is.</summary>
    public string? Fault { get; private set; }

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
        if (written.Provider is not { } name || !providers.TryGetValue(name, out var provider)) return null;
        if (!RoutePattern.IsPattern(written.ModelName!)) return new RouteBranch(written, target(provider, written.ModelName!, written), null);
        // What a written target is checked for when the configuration is loaded, this one is when its name is known.
        var model = RoutePattern.Fill(written.ModelName!, parts);
        Fault ??= ModelName.Fault(model);
        return IsOffered(provider, model) ? new RouteBranch(written, target(provider, model, written), null) : null;
    }

    private bool IsOffered(ProviderModel provider, string model) =>
        provider.Config.Models?.Contains(model, StringComparer.Ordinal) != false && allowed?.Fit(provider.Name, model) != false;
}
