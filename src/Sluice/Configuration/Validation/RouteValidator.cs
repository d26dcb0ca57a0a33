using Sluice.Configuration.Schema;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Validation;

/// <summary>Checks that every target of every route can be reached, and that no route leads back to itself.</summary>
internal sealed class RouteValidator(SluiceConfig config, MapNode tree, FaultList faults)
{
    private readonly ModelPatterns? _allowed = ModelPatterns.Of(config.Allow.Models, config.Providers.Keys);

    internal void Validate()
    {
        CheckNames("models", config.Routes.Keys);
        CheckNames("providers", config.Providers.Keys);
        foreach (var route in config.Routes.Values)
        {
            for (var i = 0; i < route.Targets.Count; i++)
            {
                var target = route.Targets[i];
                var (origin, path) = Place(route, i);
                if (target.Route is not null) CheckInner(route, target, i);
                CheckStars(route, target, origin, path);
                if (CheckTarget(target, origin, path) && target.Enabled) CheckOrder(route, i, origin, path);
            }

            if (route.Shadow is { } mirror) CheckStars(route, mirror.Target, NodePath.Origin(tree, "models", route.Name, "shadow", "model"), NodePath.Text("models", route.Name, "shadow", "model"));
            if (route.Canary is { } trial) CheckStars(route, trial.Target, NodePath.Origin(tree, "models", route.Name, "canary", "model"), NodePath.Text("models", route.Name, "canary", "model"));
            if (route.Shadow is { } shadow) CheckTarget(shadow.Target, NodePath.Origin(tree, "models", route.Name, "shadow", "model"), NodePath.Text("models", route.Name, "shadow", "model"));
            if (route.Canary is { } canary) CheckTarget(canary.Target, NodePath.Origin(tree, "models", route.Name, "canary", "model"), NodePath.Text("models", route.Name, "canary", "model"));
            CheckRoute(route);
        }

        CheckCycles();
    }

    private (ConfigurationOrigin Origin, string Path) Place(RouteConfig route, int index) => (tree["models"] as MapNode)?[route.Name] is MapNode
        ? (NodePath.Origin(tree, "models", route.Name, "targets", index, "model"), NodePath.Text("models", route.Name, "targets", index))
        : (NodePath.Origin(tree, "models", route.Name), NodePath.Text("models", route.Name));

    // Clients may write names as they like: two that differ by case alone would be one.
    private void CheckNames(string parent, IEnumerable<string> names)
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names.Where(name => !seen.TryAdd(name, name)))
            faults.Add(NodePath.KeyOrigin(tree, parent, name), NodePath.Text(parent, name), $"{Shown.Quote(name)} and {Shown.Quote(seen[name])} differ by upper and lower case alone", "give one another name");
    }

    private void CheckStars(RouteConfig route, TargetConfig target, ConfigurationOrigin origin, string path)
    {
        if (RoutePattern.CountStars(target.Model) <= RoutePattern.CountStars(route.Name)) return;
        faults.Add(origin, path, $"{Shown.Quote(target.Model)} has more '*' than {Shown.Quote(route.Name)}, whose matched text they stand for", "write the model's whole name, or a '*' in the route's name for each: claude-*: anthropic/claude-*");
    }

    // A route that is named has its own settings: those beside its name would reach nobody.
    private void CheckInner(RouteConfig route, TargetConfig target, int index)
    {
        if (((tree["models"] as MapNode)?[route.Name] as MapNode)?["targets"] is not ListNode { Items: var items } || items[index] is not MapNode written) return;
        foreach (var entry in written.Entries.Where(entry => entry.Key is not ("model" or "enabled" or "weight" or "when") && RouteSchema.Target.Find(entry.Key) is not null))
        {
            faults.Add(entry.Origin, NodePath.Text("models", route.Name, "targets", index, entry.Key),
                $"'{entry.Key}' stands at the route '{target.Route}', which has settings of its own", $"write it under models.{target.Route}, or name its models here instead");
        }
    }

    private bool CheckTarget(TargetConfig target, ConfigurationOrigin origin, string path)
    {
        if (target.Model.Length == 0 || target.Route is not null) return target.Route is not null;
        if (target.Provider is null)
        {
            var model = Nearest.Find(target.Model, config.Routes.Keys);
            return Fail($"{Shown.Quote(target.Model)} is neither a route nor provider/model", model is null ? "write provider/model, e.g. openai/gpt-5.4-mini" : $"did you mean '{model}'?");
        }

        if (target.ModelName is "") return Fail($"'{target.Model}' names no model", "write provider/model");
        if (ModelName.Fault(target.Model) is { } fault) return Fail($"the model {Shown.Quote(target.Model)} {fault}", "write provider/model in plain segments");
        if (!config.Providers.TryGetValue(target.Provider, out var provider))
            return Fail($"there is no provider {Shown.Quote(target.Provider)} for {Shown.Quote(target.Model)}", ProviderRemedy(target.Provider));
        // What the stars of a pattern stand for is known when a call comes.
        var isOpen = RoutePattern.IsPattern(target.ModelName!);
        if (!isOpen && provider.Models is { } models && !models.Contains(target.ModelName!, StringComparer.Ordinal))
            return Fail($"the provider '{provider.Name}' has no model {Shown.Quote(target.ModelName!)}", ReferenceValidator.Remedy("model", target.ModelName!, models) + $" (see providers.{provider.Name}.models)");
        if (!target.Enabled) return false;
        if (config.Allow.Providers is { } allowed && !allowed.Contains(provider.Name, StringComparer.Ordinal))
            return Fail($"'{target.Model}' can never be reached: allow.providers does not name '{provider.Name}'", $"add {provider.Name} to allow.providers, or switch the target off (enabled: false)");
        if (!isOpen && _allowed?.Fit(target.Provider, target.ModelName!) == false)
            return Fail($"'{target.Model}' can never be reached: allow.models does not cover it", "add it to allow.models, or switch the target off (enabled: false)");
        if (!provider.Enabled) faults.Warn(origin, path, $"'{target.Model}' is never tried: the provider '{provider.Name}' is switched off");
        return true;

        bool Fail(string what, string remedy)
        {
            faults.Add(origin, path, what, remedy);
            return false;
        }
    }

    private string ProviderRemedy(string name)
    {
        if (Nearest.Find(name, config.Providers.Keys) is { } nearest) return $"did you mean '{nearest}'?";
        var variables = ProviderTypes.KeyVariables(name);
        if (variables.Count > 0) return $"add it under providers: '{name}: {{ api_key: \"${{{variables[0]}}}\" }}'";
        return ReferenceValidator.Remedy("provider", name, config.Providers.Keys);
    }

    // Targets that those before them hide.
    private void CheckOrder(RouteConfig route, int index, ConfigurationOrigin origin, string path)
    {
        if (route.Strategy is not (RouteStrategy.Fallback or RouteStrategy.Conditional)) return;
        var target = route.Targets[index];
        for (var i = 0; i < index; i++)
        {
            var earlier = route.Targets[i];
            if (!earlier.Enabled || earlier.When is not null) continue;
            if (route.Strategy is RouteStrategy.Conditional)
            {
                faults.Add(origin, path, $"'{target.Model}' can never be reached: '{earlier.Model}' before it has no 'when' and takes every call", "move the target without 'when' to the end, or use strategy: fallback");
                return;
            }

            if (earlier.Model != target.Model) continue;
            faults.Add(origin, path, $"'{target.Model}' can never be reached: it stands in this list before", "take one out; retry.max_attempts repeats a target");
            return;
        }
    }

    private void CheckRoute(RouteConfig route)
    {
        var origin = NodePath.KeyOrigin(tree, "models", route.Name);
        var path = NodePath.Text("models", route.Name);
        if (route.Enabled && route.Targets.Count > 0 && !route.Targets.Any(IsUsable))
            faults.Add(origin, path, $"the route '{route.Name}' has no target that is switched on", "switch one on, or the route off (enabled: false)");
        if (route.Strategy is RouteStrategy.Weighted && route.Targets.Count > 0 && route.Targets.Where(target => target.Enabled).All(target => target.Weight == 0))
            faults.Add(origin, path, $"all weights of the route '{route.Name}' are 0", "give one target a weight");
        if (route.StickyBy is not null && route.Strategy is not RouteStrategy.Sticky)
            faults.Warn(NodePath.Origin(tree, "models", route.Name, "sticky"), path + ".sticky", $"'sticky' does nothing under strategy: {EnumNames<RouteStrategy>.Name(route.Strategy)}; write strategy: sticky");
        if (route.Hedge is not null && route.Targets.Count(target => target.Enabled) < 2)
            faults.Warn(NodePath.Origin(tree, "models", route.Name, "hedge"), path + ".hedge", "'hedge' needs a second target");
    }

    // What does not exist has its own fault; here it counts as usable so that one mistake is told once.
    private bool IsUsable(TargetConfig target) => target.Enabled && (target.Provider is null || config.Providers.GetValueOrDefault(target.Provider) is not { Enabled: false });

    private void CheckCycles()
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var route in config.Routes.Values) Visit(route, [], done);
    }

    private void Visit(RouteConfig route, List<string> above, HashSet<string> done)
    {
        if (above.Contains(route.Name))
        {
            var circle = string.Join(" -> ", above.SkipWhile(name => name != route.Name).Append(route.Name));
            faults.Add(NodePath.KeyOrigin(tree, "models", route.Name), NodePath.Text("models", route.Name), $"routes lead back to themselves: {circle}", "take one of these targets out");
            return;
        }

        if (!done.Add(route.Name)) return;
        above.Add(route.Name);
        foreach (var target in route.Targets.Append(route.Shadow?.Target).Append(route.Canary?.Target))
        {
            if (target?.Route is { } next) Visit(config.Routes[next], above, done);
        }

        above.RemoveAt(above.Count - 1);
    }
}
