using Sluice.Configuration.Binding;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Validation;

/// <summary>Checks what stands between keys: names that must exist, circles, providers that cannot work.</summary>
internal sealed class ReferenceValidator(SluiceConfig config, MapNode tree, BindingContext context)
{
    private readonly FaultList faults = context.Faults;

    internal void Validate()
    {
        foreach (var provider in config.Providers.Values.Where(provider => provider.Enabled)) new ProviderValidator(provider, tree, context).Validate();
        new RouteValidator(config, tree, faults).Validate();
        CheckAllow();
        CheckTransforms();
        CheckGroups();
        CheckAdmin();
        if (config.Providers.Count == 0 && faults.Count == 0) faults.Warn(NodePath.Origin(tree, "providers"), "providers", "no provider is configured: every call gets status 404");
    }

    private void CheckAllow()
    {
        CheckProviders(config.Allow.Providers, "allow", "providers");
        CheckPatterns(config.Allow.Models, "allow", "models");
    }

    private void CheckAdmin()
    {
        if (config.Admin is not { Enabled: true, Listen: { Port: > 0 } listen } || listen != config.Server.Listen) return;
        faults.Add(NodePath.Origin(tree, "admin", "listen"), NodePath.Text("admin", "listen"), $"admin.listen is {listen}, as server.listen is", "choose another port, or take admin.listen out: then one address serves both");
    }

    private void CheckTransforms()
    {
        for (var i = 0; i < config.Transforms.Count; i++)
        {
            var where = config.Transforms[i].Where;
            CheckProviders(where.Providers, "transforms", i, "where", "providers");
            CheckPatterns(where.Models, "transforms", i, "where", "models");
            for (var j = 0; j < (where.Routes?.Count ?? 0); j++)
            {
                var route = where.Routes![j];
                if (!config.Routes.ContainsKey(route)) Unknown("route", route, config.Routes.Keys, "transforms", i, "where", "routes", j);
            }
        }
    }

    private void CheckGroups()
    {
        var groups = config.Keys.Groups;
        var circular = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in groups.Values)
        {
            CheckProviders(group.Providers, "keys", "groups", group.Name, "providers");
            CheckPatterns(group.Models, "keys", "groups", group.Name, "models");
            if (group.Parent is not { } parent) continue;
            if (!groups.ContainsKey(parent)) Unknown("group", parent, groups.Keys, "keys", "groups", group.Name, "parent");
            else if (!circular.Contains(group.Name) && Circle(group) is { } circle)
            {
                circular.UnionWith(circle);
                faults.Add(
                    NodePath.Origin(tree, "keys", "groups", group.Name, "parent"),
                    NodePath.Text("keys", "groups", group.Name, "parent"),
                    $"groups lie in themselves: {string.Join(" -> ", circle)} -> {group.Name}",
                    "take one 'parent' out");
            }
        }
    }

    // The way up from the group to itself; null where it ends elsewhere.
    private List<string>? Circle(KeyGroupConfig group)
    {
        var way = new List<string> { group.Name };
        for (var above = group.Parent; above is not null && way.Count <= config.Keys.Groups.Count; above = config.Keys.Groups.GetValueOrDefault(above)?.Parent)
        {
            if (above == group.Name) return way;
            way.Add(above);
        }

        return null;
    }

    private void CheckProviders(IReadOnlyList<string>? names, params object[] path)
    {
        for (var i = 0; i < (names?.Count ?? 0); i++)
        {
            if (!config.Providers.ContainsKey(names![i])) Unknown("provider", names[i], config.Providers.Keys, [.. path, i]);
        }
    }

    // 'openai/*' names a provider; '*' and a route's name do not.
    private void CheckPatterns(IReadOnlyList<string>? patterns, params object[] path)
    {
        for (var i = 0; i < (patterns?.Count ?? 0); i++)
        {
            var pattern = patterns![i];
            var slash = pattern.IndexOf('/', StringComparison.Ordinal);
            if (config.Routes.ContainsKey(pattern) || slash <= 0 || pattern[..slash].Contains('*')) continue;
            if (!config.Providers.ContainsKey(pattern[..slash])) Unknown("provider", pattern[..slash], config.Providers.Keys, [.. path, i]);
        }
    }

    private void Unknown(string kind, string name, IEnumerable<string> known, params object[] path) =>
        faults.Add(NodePath.Origin(tree, path), NodePath.Text(path), $"there is no {kind} {Schema.Shown.Quote(name)}", Remedy(kind, name, known));

    internal static string Remedy(string kind, string name, IEnumerable<string> known)
    {
        var names = known.ToList();
        if (Nearest.Find(name, names) is { } nearest) return $"did you mean '{nearest}'?";
        if (names.Count == 0) return $"no {kind} is configured";
        return $"configured are {string.Join(", ", names.Take(12))}{(names.Count > 12 ? " ..." : "")}";
    }
}
