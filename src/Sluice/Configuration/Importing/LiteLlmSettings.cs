using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Importing;

/// <summary>The settings of LiteLLM that hold for all its models. What the router is given it takes in place of what the module says.</summary>
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
        General(general, file);
        Defaults(settings, router, file);
        Budget(settings, file);
        Cache(settings);
        Logging(settings, file);
        settings.Skip("turn_off_message_logging");
        router.Skip("enable_pre_call_checks", "set_verbose");
        general.NoteRest();
    }

    /// <summary>Other names of groups, from both places that LiteLLM reads.</summary>
    internal static IReadOnlyList<(string Alias, string Target)> Aliases(LiteLlmReader settings, LiteLlmReader router)
    {
        var aliases = new List<(string, string)>();
        foreach (var (reader, key) in new[] { (router, "model_group_alias"), (settings, "model_group_alias"), (settings, "model_alias_map") })
        {
            foreach (var entry in (reader.Node(key) as MapNode)?.Entries ?? [])
            {
                var target = entry.Value switch { ScalarNode { IsNull: false } scalar => scalar.Text, MapNode map => (map["model"] as ScalarNode)?.Text, _ => null };
                if (target is null) reader.Note(key, $"'{entry.Key}' names no model; left out");
                else if (!aliases.Exists(alias => alias.Item1 == entry.Key)) aliases.Add((entry.Key, target));
                if (entry.Value is MapNode hidden && hidden["hidden"] is ScalarNode { Text: "true" or "True" }) reader.Note(key, $"'{entry.Key}' is hidden there, and stands in Sluice's model list as any route does");
            }
        }

        return aliases;
    }

    private static void General(LiteLlmReader general, NodeBuilder file)
    {
        if (general.Number("max_request_size_mb") is { } most and >= 1 and <= 4096) file.Set("server", new NodeBuilder().Set("max_request_body", $"{decimal.Truncate(most)}MiB"));
        var master = general.Text("master_key");
        file.Set("admin", new NodeBuilder().Set("key", master));
        if (master is not null) file.Set("keys", new NodeBuilder().SetPlain("required", "true"));
        general.NoteWhere("master_key", "becomes the admin key; make keys for clients with 'sluice keys create'");
        general.NoteWhere("database_url", "left out: Sluice keeps keys, budgets and spending in a file of its own (storage.sqlite); those of LiteLLM's database are not taken over");
    }

    private static void Defaults(LiteLlmReader settings, LiteLlmReader router, NodeBuilder file)
    {
        var defaults = new NodeBuilder();
        var (whole, request) = (router.Seconds("timeout"), settings.Seconds("request_timeout"));
        defaults.Set("timeout", new NodeBuilder().SetPlain("first_token", router.Seconds("stream_timeout")).SetPlain("total", whole ?? request));
        var (retries, fewer) = (router.Number("num_retries"), settings.Number("num_retries"));
        var wait = router.Seconds("retry_after", 600);
        var retry = new NodeBuilder().Set("max_attempts", (retries ?? fewer) is { } number ? LiteLlmTarget.Attempts(number) : null).SetPlain("base_delay", wait);
        // The longest delay is not shorter than the first.
        if (router.Number("retry_after") > 30) retry.SetPlain("max_delay", wait);
        defaults.Set("retry", retry);
        var (fails, allowed) = (router.Number("allowed_fails"), settings.Number("allowed_fails"));
        var (rest, cooldown) = (router.Seconds("cooldown_time", 86_400), settings.Seconds("cooldown_time", 86_400));
        defaults.Set("breaker", new NodeBuilder().Set("failures", (fails ?? allowed) is { } count ? decimal.Clamp(decimal.Truncate(count), 1, 10_000) : null).SetPlain("open_for", Longer(rest ?? cooldown)));
        if (settings.Bool("drop_params") is false) settings.Note("drop_params", "becomes strict: true: what a target cannot express refuses the call");
        if (settings.Bool("drop_params") is false) defaults.SetPlain("strict", "true");
        file.Set("defaults", defaults);
    }

    private static string? Longer(string? time) => Schema.Quantities.TryParseDuration(time, out var value) && value < TimeSpan.FromMilliseconds(100) ? "100ms" : time;

    private static void Budget(LiteLlmReader settings, NodeBuilder file)
    {
        if (settings.Number("max_budget") is not { } budget) return;
        var duration = settings.Text("budget_duration");
        var key = duration switch
        {
            "1d" or "24h" => "daily",
            "7d" or "1w" => "weekly",
            "30d" or "1mo" or "1month" => "monthly",
            null => "total",
            _ => null,
        };
        if (key is null) settings.Note("budget_duration", "Sluice has days, weeks and months; the budget is left out");
        else if (budget <= 0) settings.Note("max_budget", "is no cap; left out");
        else file.Set("budgets", new NodeBuilder().Set(key, budget));
    }

    private static void Cache(LiteLlmReader settings)
    {
        if (settings.Bool("cache") is true) settings.Note("cache", "left out: this version has no response cache, every call asks a provider");
        settings.Skip("cache_params");
    }

    private static void Logging(LiteLlmReader settings, NodeBuilder file)
    {
        var logging = new NodeBuilder();
        if (settings.Bool("json_logs") is true) logging.Set("format", "json");
        if (settings.Bool("set_verbose") is true) logging.Set("level", "debug");
        file.Set("logging", logging);
        foreach (var key in (string[])["success_callback", "failure_callback", "callbacks", "service_callback"])
        {
            if (settings.Node(key) is null) continue;
            settings.Note(key, "left out: traces and metrics go out by OTLP (telemetry.otlp) and /metrics");
        }
    }
}
