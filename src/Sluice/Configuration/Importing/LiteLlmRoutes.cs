using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Importing;

/// <summary>Makes routes of groups, fallbacks and aliases. A group that says no more than <c>provider/model</c> needs none.</summary>
internal sealed class LiteLlmRoutes(
    OrderedDictionary<string, LiteLlmGroup> groups, LiteLlmFallbacks fallbacks, IReadOnlyList<(string Alias, string Target)> aliases, string strategy, LiteLlmAccounts accounts, Action<string, string> note)
{
    private readonly OrderedDictionary<string, NodeBuilder> routes = new(StringComparer.Ordinal);
    private readonly HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> pools = new(StringComparer.Ordinal);

    internal NodeBuilder Build()
    {
        names.UnionWith(groups.Keys);
        var own = aliases.Where(alias => Check(alias.Alias, alias.Target)).ToList();
        var further = fallbacks.Names.Where(name => !groups.ContainsKey(name) && !own.Exists(alias => alias.Alias == name)).Where(CheckOrigin).ToList();
        foreach (var target in fallbacks.Names.Concat(groups.Keys).SelectMany(fallbacks.After).Distinct(StringComparer.Ordinal).Where(name => Find(name) is null && !own.Exists(alias => alias.Alias == name)))
            note("fallbacks", $"'{target}' is not in model_list; left out");
        NameAccounts();
        foreach (var group in groups.Values.Where(group => !IsPlain(group))) routes[group.Name] = Route(group.Name, group);
        foreach (var name in further) routes[name] = Route(name, Find(name)!);
        foreach (var (alias, target) in own) routes[alias] = Alias(alias, target);
        var built = new NodeBuilder();
        foreach (var (name, route) in routes) built.Set(name, route);
        return built;
    }

    // Each name that a target could have must be free of other meanings: a route wins over provider/model.
    private void NameAccounts()
    {
        var asked = fallbacks.Names.Concat(groups.Keys).SelectMany(name => fallbacks.After(name).Append(name)).Concat(aliases.Select(alias => alias.Target)).Distinct(StringComparer.Ordinal);
        var targets = asked.Select(Find).OfType<LiteLlmGroup>().Concat(groups.Values).SelectMany(group => group.Deployments);
        accounts.NameAll(targets.ToLookup(deployment => deployment.Account, deployment => deployment.Model), (account, model, id) => names.Contains(id) && !MayBePlain(account, model, id));
    }

    private bool MayBePlain(LiteLlmAccount account, string model, string id) =>
        groups.TryGetValue(id, out var group) && group.Deployments is [{ IsBare: true } only] && only.Account == account && only.Model == model && fallbacks.After(id).Count == 0;

    private bool IsPlain(LiteLlmGroup group) => group.Deployments is [{ IsBare: true } only] && only.Id == group.Name && fallbacks.After(group.Name).Count == 0;

    private bool Check(string alias, string target)
    {
        if (Find(target) is not null && Schema.ShapeType.RouteName.Check(alias) is null && !RoutePattern.IsPattern(alias) && names.Add(alias)) return true;
        note("model_group_alias", $"'{alias}' is left out: it needs a group of model_list, and a name of its own");
        return false;
    }

    private bool CheckOrigin(string name)
    {
        var isKnown = Find(name) is not null && !RoutePattern.IsPattern(name);
        if (isKnown && names.Add(name)) return true;
        note("fallbacks", isKnown ? $"'{name}' differs from another name by upper and lower case alone; left out" : $"'{name}' is not in model_list; left out");
        return false;
    }

    // By its name, by an alias, or by the pattern that spells most of it out.
    private LiteLlmGroup? Find(string name)
    {
        if (groups.TryGetValue(name, out var group)) return group;
        if (aliases.FirstOrDefault(alias => alias.Alias == name) is { Target: { } target } && target != name && groups.TryGetValue(target, out var behind)) return behind;
        if (Schema.ShapeType.RouteName.Check(name) is not null) return null;
        foreach (var pattern in groups.Values.Where(pattern => RoutePattern.IsPattern(pattern.Name)).OrderByDescending(pattern => RoutePattern.Length(pattern.Name)))
        {
            if (RoutePattern.Match(pattern.Name, name) is { } parts) return pattern.For(name, parts);
        }

        return null;
    }

    private NodeBuilder Route(string name, LiteLlmGroup group)
    {
        var after = fallbacks.After(name);
        var goesOn = fallbacks.GoesOnFromFilter(name) && after.Count > 0;
        if (after.Count == 0 && group.Tiers is [var tier]) return Written(strategy, Weighted(tier), goesOn);
        var lines = Lines(group, goesOn);
        foreach (var next in after)
        {
            if (Find(next) is { } found && RoutePattern.CountStars(found.Name) <= RoutePattern.CountStars(name)) lines.AddRange(Lines(found, goesOn: false));
        }

        return Written("fallback", lines, goesOn);
    }

    private NodeBuilder Alias(string alias, string target)
    {
        if (fallbacks.Names.Contains(alias, StringComparer.Ordinal)) return Route(alias, Find(target)!);
        return Written("fallback", routes.ContainsKey(target) ? [NodeBuilder.Text(target)] : Lines(Find(target)!, goesOn: false), goesOn: false);
    }

    // One line for each tier; several deployments of one are a route of their own, so that its strategy holds among them.
    private List<ConfigNode> Lines(LiteLlmGroup group, bool goesOn)
    {
        var (lines, tiers) = (new List<ConfigNode>(), group.Tiers);
        for (var i = 0; i < tiers.Count; i++)
        {
            if (tiers[i] is [var only]) lines.Add(only.Target());
            else if (tiers.Count > 1 || fallbacks.After(group.Name).Count > 0 || !groups.ContainsKey(group.Name)) lines.Add(NodeBuilder.Text(Pool(group, tiers, i, goesOn)));
            else lines.Add(NodeBuilder.Text(group.Name));
        }

        return lines;
    }

    private string Pool(LiteLlmGroup group, IReadOnlyList<List<LiteLlmDeployment>> tiers, int tier, bool goesOn)
    {
        var wanted = tiers.Count > 1 ? $"{group.Name}-order-{tier + 1}" : $"{group.Name}-pool";
        if (pools.TryGetValue(wanted, out var known))
        {
            if (goesOn) routes[known].Set("retry", new NodeBuilder().SetPlain("content_filter", "true"));
            return known;
        }

        var name = wanted;
        for (var number = 2; !names.Add(name); number++) name = $"{wanted}-{number}";
        pools.Add(wanted, name);
        routes[name] = Written(strategy, Weighted(tiers[tier]), goesOn);
        return name;
    }

    private List<ConfigNode> Weighted(List<LiteLlmDeployment> deployments)
    {
        var by = strategy == "weighted" && deployments.Count > 1 ? deployments[0].Shares.ToList().FindIndex(share => share is not null) : -1;
        if (by < 0) return [.. deployments.Select(deployment => deployment.Target())];
        var weights = LiteLlmTarget.Weights([.. deployments.Select(deployment => deployment.Shares[by] ?? 0)]);
        return [.. deployments.Select((deployment, i) => deployment.Target(weights[i]))];
    }

    private static NodeBuilder Written(string strategy, List<ConfigNode> lines, bool goesOn)
    {
        // Under fallback a target that stands twice is asked once.
        if (strategy == "fallback") lines = [.. lines.DistinctBy(line => line is MapNode map ? ((ScalarNode)map["model"]!).Text : ((ScalarNode)line).Text)];
        var route = new NodeBuilder();
        if (lines.Count > 1) route.Set("strategy", strategy);
        if (goesOn) route.Set("retry", new NodeBuilder().SetPlain("content_filter", "true"));
        return route.Set("targets", NodeBuilder.List(lines));
    }
}
