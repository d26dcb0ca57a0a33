using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Resilience.Limits;
using Sluice.Routing;
using Sluice.Storage;

namespace Sluice.Access;

/// <summary>What a caller may use and how often: its key's rules and those of every group above it. Immutable; kept as long as key and configuration stay.</summary>
internal sealed class CallerRules
{
    private readonly AccessRule[] _rules;

    private CallerRules(AccessRule[] rules, LimitSet limits) => (_rules, Limits) = (rules, limits);

    /// <summary>The rates that each call is held to.</summary>
    public LimitSet Limits { get; }

    /// <summary>The rules of a key under a configuration.</summary>
    /// <param name="key">The key.</param>
    /// <param name="groups">The groups above it, the nearest first.</param>
    /// <param name="providers">The names of all configured providers.</param>
    /// <param name="limiters">What has been used of each rate.</param>
    public static CallerRules Of(KeyRecord key, IReadOnlyList<KeyGroupConfig> groups, IEnumerable<string> providers, KeyLimiters limiters)
    {
        var rules = groups.Select(g => new AccessRule($"group '{g.Name}'", ModelPatterns.Of(g.Models, providers), null, g.Providers))
            .Prepend(new AccessRule($"key '{key.Name}'", ModelPatterns.Of(key.Models, providers), key.Routes, key.Providers));
        var scopes = groups.Where(g => !g.Limits.IsEmpty).Select(g => new LimitScope($"group '{g.Name}'", g.Limits, limiters.OfGroup(g.Name)));
        if (!key.Limits.IsEmpty) scopes = scopes.Prepend(new LimitScope($"key '{key.Name}'", key.Limits, limiters.OfKey(key.Id)));
        return new CallerRules([.. rules.Where(r => !r.IsEmpty)], LimitSet.Of(scopes));
    }

    /// <summary>Holds a call to the rules: to some of its targets where only these are allowed; or says why it may not be made.</summary>
    public GatewayError? Apply(CallContext call)
    {
        var route = call.Route!;
        foreach (var rule in _rules)
        {
            if (!rule.AllowsName(route)) return Refusal(rule, route);
            if (rule.AllowsWhole(route)) continue;
            bool some = false, all = route.Canary is null && route.Shadow is null;
            foreach (var target in route.Targets)
            {
                if (rule.Allows(route, target)) some = true;
                else all = false;
            }
            if (!some) return Refusal(rule, route);
            // A provider that has models of its own to fall back to is asked for those that may be used.
            if (rule.Models is { } models && ClientTargets.PassedOn(call) is { } names && names.Any(name => !models.Fit(route.Targets[0].Provider.Name, name))) return Refusal(rule, route);
            if (!all) call.Restrict(new TargetRestriction(target => rule.Allows(route, target), $"{rule.Subject} may use {rule.Offer} only"));
        }
        return null;
    }

    /// <summary>Whether a route may be asked for and has a target that may be used: what a model list shows.</summary>
    public bool Shows(RouteModel route) =>
        Array.TrueForAll(_rules, r => r.AllowsName(route)) && (_rules.Length == 0 || route.Targets.Any(t => Array.TrueForAll(_rules, r => r.Allows(route, t))));

    /// <summary>Whether a model may be asked for by its own name.</summary>
    public bool Shows(string provider, string model) => Array.TrueForAll(_rules, r => r.AllowsModel(provider, model));

    private static GatewayError Refusal(AccessRule rule, RouteModel route) =>
        new(ErrorKind.Permission, $"{rule.Subject} may not use '{route.Name}'; it may use {rule.Offer}") { Code = "model_not_allowed", Param = "model" };
}
