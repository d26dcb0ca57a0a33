using System.Globalization;
using Sluice.Configuration.Rendering;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Importing;

/// <summary>
/// Writes a LiteLLM proxy's <c>config.yaml</c> (model_list, litellm_settings, router_settings, general_settings) as a Sluice file, and
/// reports whatever has no counterpart.
/// </summary>
internal sealed class LiteLlmImport
{
    private readonly List<ImportNote> notes = [];
    private readonly LiteLlmProviders providers = new();
    private readonly OrderedDictionary<string, List<MapNode>> groups = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, NodeBuilder> routes = new(StringComparer.Ordinal);

    internal static ImportResult Convert(string text, string shown)
    {
        var faults = new FaultList();
        if (YamlReader.Read(text, shown, faults) is not MapNode root)
        {
            if (faults.Count == 0) faults.Add(new ConfigurationOrigin(ConfigurationOriginKind.File, shown, 1, 1), "", "is not a LiteLLM configuration", "give a file with model_list");
            return new ImportResult(null, faults.Sorted(), []);
        }

        if (root["model_list"] is not ListNode) faults.Add(root.Origin, "", "has no model_list", "give the config.yaml of a LiteLLM proxy");
        if (faults.Count > 0) return new ImportResult(null, faults.Sorted(), []);
        var import = new LiteLlmImport();
        var yaml = import.Run(root, shown);
        return new ImportResult(yaml, [], [.. import.notes.OrderBy(note => note.Origin.Line).ThenBy(note => note.Origin.Column)]);
    }

    private string Run(MapNode root, string shown)
    {
        var reader = new LiteLlmReader(root, "", notes);
        var models = reader.Items("model_list");
        for (var i = 0; i < models.Count; i++) AddDeployment(new LiteLlmReader(models[i] as MapNode, string.Create(CultureInfo.InvariantCulture, $"model_list[{i}]"), notes));

        var settings = reader.Map("litellm_settings");
        var router = reader.Map("router_settings");
        var file = new NodeBuilder();
        LiteLlmSettings.Write(settings, router, reader.Map("general_settings"), file);
        var strategy = LiteLlmSettings.Strategy(router);
        foreach (var (name, targets) in groups) routes[name] = Route(targets, strategy);
        AddFallbacks(settings, router);
        AddAliases(router);
        settings.NoteRest();
        router.NoteRest();
        reader.NoteWhere("environment_variables", "set these in the environment of Sluice; left out");
        reader.NoteRest();

        file.Set("providers", providers.Build());
        var built = new NodeBuilder();
        foreach (var (name, route) in routes) built.Set(name, route);
        file.Set("models", built);
        return $"# Imported from {Path.GetFileName(shown)} by 'sluice config import litellm'.\n" + YamlText.Write(file.Build());
    }

    private void AddDeployment(LiteLlmReader entry)
    {
        var name = entry.Text("model_name");
        var parameters = entry.Map("litellm_params");
        if (providers.Add(parameters) is not { } model) return;
        if (name is null) entry.Note("model_name", "is missing; the entry is left out");
        else if (model.EndsWith('/') || model.Contains('*')) entry.Note("model_name", $"a wildcard needs no route: clients ask for {model.Split('/')[0]}/MODEL");
        else
        {
            if (!groups.TryGetValue(name, out var targets)) groups.Add(name, targets = []);
            targets.Add(Target(model, parameters));
        }

        var info = entry.Map("model_info");
        info.Skip("id", "mode", "base_model", "description", "supports_vision", "supports_function_calling", "max_tokens", "max_input_tokens", "max_output_tokens");
        info.NoteRest();
        parameters.NoteRest();
        entry.NoteRest();
    }

    private static MapNode Target(string model, LiteLlmReader parameters)
    {
        var target = new NodeBuilder().Set("model", model).Set("weight", parameters.Number("weight") is { } weight ? decimal.Ceiling(weight) : null);
        target.Set("timeout", new NodeBuilder().SetPlain("total", parameters.Seconds("timeout")).SetPlain("first_token", parameters.Seconds("stream_timeout")));
        if (parameters.Number("max_retries") is { } retries) target.Set("retry", new NodeBuilder().Set("max_attempts", retries + 1));
        target.Set("limits", new NodeBuilder().Set("rpm", parameters.Number("rpm")).Set("tpm", parameters.Number("tpm")).Set("concurrency", parameters.Number("max_parallel_requests")));
        target.Set("params", new NodeBuilder().Set("temperature", parameters.Number("temperature")).Set("max_tokens", parameters.Number("max_tokens")).Set("top_p", parameters.Number("top_p")));
        if (parameters.Node("extra_body") is MapNode body) target.Set("provider_specific", body);
        var (input, output) = (parameters.Number("input_cost_per_token") * 1_000_000, parameters.Number("output_cost_per_token") * 1_000_000);
        if (input is not null && output is not null)
            target.Set("price", new NodeBuilder().Set("input", input).Set("output", output).Set("cache_read", parameters.Number("cache_read_input_token_cost") * 1_000_000).Set("cache_write", parameters.Number("cache_creation_input_token_cost") * 1_000_000));
        else if (input is not null || output is not null) parameters.Note(input is null ? "output_cost_per_token" : "input_cost_per_token", "a price needs both input and output; left out");
        if (parameters.Number("max_budget") is not null) parameters.Note("max_budget", "write it as budget: under the provider; left out");
        parameters.Skip("drop_params", "budget_duration", "use_in_pass_through", "stream", "litellm_credential_name");
        return target.Build();
    }

    private static NodeBuilder Route(List<MapNode> targets, string strategy)
    {
        var items = targets.Select(target => target.Entries.Count == 1 ? target.Entries[0].Value : target).ToList<ConfigNode>();
        var route = new NodeBuilder();
        if (items.Count > 1) route.Set("strategy", strategy);
        return route.Set("targets", NodeBuilder.List(items));
    }

    // LiteLLM tries a group, then the groups that it falls back to. A pool of several becomes a route of its own, so that no circle can arise.
    private void AddFallbacks(LiteLlmReader settings, LiteLlmReader router)
    {
        foreach (var (from, to) in LiteLlmSettings.Fallbacks(settings, router, groups.Keys))
        {
            if (!groups.ContainsKey(from))
            {
                router.Note("fallbacks", $"'{from}' is not in model_list; left out");
                continue;
            }

            var targets = new List<ConfigNode>();
            foreach (var name in to.Prepend(from))
            {
                if (groups.ContainsKey(name)) targets.Add(Pool(name));
                else router.Note("fallbacks", $"'{name}' is not in model_list; left out");
            }

            var distinct = targets.DistinctBy(target => target is MapNode map ? ((ScalarNode)map["model"]!).Text : ((ScalarNode)target).Text).ToList();
            routes[from] = new NodeBuilder().Set("strategy", "fallback").Set("targets", NodeBuilder.List(distinct));
        }
    }

    private ConfigNode Pool(string group)
    {
        if (groups[group] is [var single]) return single.Entries.Count == 1 ? single.Entries[0].Value : single;
        var name = group + "-pool";
        if (!routes.ContainsKey(name)) routes.Add(name, routes[group]);
        return NodeBuilder.Text(name);
    }

    private void AddAliases(LiteLlmReader router)
    {
        foreach (var entry in (router.Node("model_group_alias") as MapNode)?.Entries ?? [])
        {
            var target = entry.Value switch { ScalarNode scalar => scalar.Text, MapNode map => (map["model"] as ScalarNode)?.Text, _ => null };
            if (target is null || !routes.ContainsKey(target) || routes.ContainsKey(entry.Key)) router.Note("model_group_alias", $"'{entry.Key}' is left out: it needs a group of model_list, and a name of its own");
            else routes.Add(entry.Key, new NodeBuilder().Set("targets", NodeBuilder.List([NodeBuilder.Text(target)])));
        }
    }
}
