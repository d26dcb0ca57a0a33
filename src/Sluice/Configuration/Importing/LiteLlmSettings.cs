using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Importing;

/// <summary>The settings of LiteLLM that hold for all its models.</summary>
internal static class LiteLlmSettings
{
    internal static string Strategy(LiteLlmReader router)
    {
        var strategy = router.Text("routing_strategy");
        switch (strategy)
        {
            case null or "simple-shuffle":
                return "weighted";
            case "latency-based-routing":
                return "least_latency";
            case "least-busy":
                return "least_busy";
            case "cost-based-routing":
                return "cheapest";
            default:
                router.Note("routing_strategy", $"'{strategy}' becomes least_busy: Sluice counts calls under way, and holds limits besides");
                return "least_busy";
        }
    }

    internal static void Write(LiteLlmReader settings, LiteLlmReader router, LiteLlmReader general, NodeBuilder file)
    {
        var defaults = new NodeBuilder();
        defaults.Set("timeout", new NodeBuilder()
            .SetPlain("first_token", router.Seconds("stream_timeout"))
            .SetPlain("total", settings.Seconds("request_timeout") ?? router.Seconds("timeout")));
        var retries = settings.Number("num_retries") ?? router.Number("num_retries");
        defaults.Set("retry", new NodeBuilder().Set("max_attempts", retries + 1).SetPlain("base_delay", router.Seconds("retry_after")));
        defaults.Set("breaker", new NodeBuilder().Set("failures", settings.Number("allowed_fails") ?? router.Number("allowed_fails")).SetPlain("open_for", settings.Seconds("cooldown_time") ?? router.Seconds("cooldown_time")));
        if (settings.Bool("drop_params") is false) settings.Note("drop_params", "becomes strict: true: what a target cannot express refuses the call");
        if (settings.Bool("drop_params") is false) defaults.SetPlain("strict", "true");
        file.Set("defaults", defaults);

        var master = general.Text("master_key");
        file.Set("admin", new NodeBuilder().Set("key", master));
        if (master is not null) file.Set("keys", new NodeBuilder().SetPlain("required", "true"));
        general.NoteWhere("master_key", "becomes the admin key; make keys for clients with 'sluice keys create'");
        general.NoteWhere("database_url", "left out: Sluice keeps its own tables; give a database of its own as storage.postgres, or leave SQLite");

        Budget(settings, file);
        Cache(settings, file);
        Logging(settings, file);
        router.Skip("enable_pre_call_checks", "set_verbose");
        general.NoteRest();
    }

    /// <summary>Which group falls back to which, from both places that LiteLLM reads.</summary>
    internal static IEnumerable<(string From, List<string> To)> Fallbacks(LiteLlmReader settings, LiteLlmReader router, IEnumerable<string> groups)
    {
        var result = new OrderedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var entry in settings.Items("fallbacks").Concat(router.Items("fallbacks")).OfType<MapNode>().SelectMany(map => map.Entries))
            result[entry.Key] = Texts(entry.Value);
        foreach (var (reader, key) in new[] { (settings, "context_window_fallbacks"), (router, "context_window_fallbacks"), (settings, "content_policy_fallbacks"), (router, "content_policy_fallbacks") })
        {
            if (reader.Node(key) is not ListNode list) continue;
            reader.Note(key, "joined with fallbacks: Sluice passes over targets whose context is too small by itself");
            foreach (var entry in list.Items.OfType<MapNode>().SelectMany(map => map.Entries))
            {
                if (!result.TryGetValue(entry.Key, out var known)) result[entry.Key] = known = [];
                known.AddRange(Texts(entry.Value).Except(known, StringComparer.Ordinal));
            }
        }

        var everywhere = Texts(settings.Node("default_fallbacks"));
        if (everywhere.Count > 0)
        {
            foreach (var group in groups.Where(group => !result.ContainsKey(group) && !everywhere.Contains(group, StringComparer.Ordinal))) result[group] = everywhere;
        }

        return result.Select(entry => (entry.Key, entry.Value));
    }

    private static List<string> Texts(ConfigNode? node) => node switch
    {
        ListNode list => [.. list.Items.OfType<ScalarNode>().Select(item => item.Text)],
        ScalarNode scalar => [scalar.Text],
        _ => [],
    };

    private static void Budget(LiteLlmReader settings, NodeBuilder file)
    {
        if (settings.Number("max_budget") is not { } budget) return;
        var key = settings.Text("budget_duration") switch
        {
            "1d" or "24h" => "daily",
            "7d" or "1w" => "weekly",
            "30d" or "1mo" => "monthly",
            null => "total",
            _ => null,
        };
        if (key is null) settings.Note("budget_duration", "Sluice has days, weeks and months; the budget is left out");
        else file.Set("budgets", new NodeBuilder().Set(key, budget));
    }

    private static void Cache(LiteLlmReader settings, NodeBuilder file)
    {
        var on = settings.Bool("cache") ?? false;
        var parameters = settings.Map("cache_params");
        var ttl = parameters.Seconds("ttl");
        if (parameters.Text("type") is { } type and not "local") parameters.Note("type", $"'{type}' becomes memory: Sluice needs no other server");
        parameters.Skip("host", "port", "password", "namespace", "supported_call_types");
        parameters.NoteRest();
    }

    private static void Logging(LiteLlmReader settings, NodeBuilder file)
    {
        var logging = new NodeBuilder();
        if (settings.Bool("json_logs") is true) logging.Set("format", "json");
        if (settings.Bool("set_verbose") is true) logging.Set("level", "debug");
        file.Set("logging", logging);
        foreach (var key in new[] { "success_callback", "failure_callback", "callbacks" })
        {
            if (settings.Node(key) is null) continue;
            settings.Note(key, "left out: traces and metrics go out by OTLP (telemetry.otlp) and /metrics");
        }
    }
}
