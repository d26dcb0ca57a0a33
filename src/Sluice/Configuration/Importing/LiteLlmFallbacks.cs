using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Importing;

/// <summary>Which name falls back to which. Sluice has one list for a route, where LiteLLM has one for each kind of failure.</summary>
internal sealed class LiteLlmFallbacks
{
    private const string Everywhere = "*";
    private readonly OrderedDictionary<string, List<string>> lists = new(StringComparer.Ordinal);
    private readonly List<string> generic = [];
    private readonly HashSet<string> filtered = new(StringComparer.Ordinal);

    /// <summary>The names that fall back by lists of their own.</summary>
    internal IEnumerable<string> Names => lists.Keys;

    /// <summary>Whether a refusal by a content filter asks the next target.</summary>
    internal bool GoesOnFromFilter(string name) => filtered.Contains(name) || (filtered.Contains(Everywhere) && !lists.ContainsKey(name));

    internal static LiteLlmFallbacks Read(LiteLlmReader settings, LiteLlmReader router)
    {
        var result = new LiteLlmFallbacks();
        // What the router is given it takes in place of what the module says.
        foreach (var key in (string[])["fallbacks", "context_window_fallbacks", "content_policy_fallbacks"])
        {
            var (from, other) = router.Has(key) ? (router, settings) : (settings, router);
            result.Add(from, key);
            if (router.Has(key) && settings.Has(key)) settings.Note(key, $"router_settings.{key} holds in its place");
            other.Skip(key);
        }

        var everywhere = router.Has("default_fallbacks") ? router : settings;
        result.generic.AddRange(Texts(everywhere.Node("default_fallbacks"), everywhere, "default_fallbacks").Except(result.generic, StringComparer.Ordinal));
        settings.Skip("default_fallbacks");
        return result;
    }

    /// <summary>The names that follow a name, those that follow them included, each once.</summary>
    internal IReadOnlyList<string> After(string name)
    {
        var found = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal) { name };
        Visit(name);
        return found;

        void Visit(string from)
        {
            foreach (var to in lists.GetValueOrDefault(from) ?? generic)
            {
                if (!seen.Add(to)) continue;
                found.Add(to);
                Visit(to);
            }
        }
    }

    private void Add(LiteLlmReader reader, string key)
    {
        if (reader.Node(key) is not ListNode list) return;
        foreach (var entry in list.Items.OfType<MapNode>().SelectMany(map => map.Entries))
        {
            var names = Texts(entry.Value, reader, key);
            if (key != "fallbacks") reader.Note(key, key == "content_policy_fallbacks"
                ? $"'{entry.Key}' goes on to {string.Join(", ", names)} after a content filter (retry.content_filter), and after other failures too"
                : $"'{entry.Key}' goes on to {string.Join(", ", names)} where its context is too small, and after other failures too");
            if (key == "content_policy_fallbacks") filtered.Add(entry.Key);
            if (entry.Key == Everywhere)
            {
                generic.AddRange(names.Except(generic, StringComparer.Ordinal));
                continue;
            }

            if (!lists.TryGetValue(entry.Key, out var known)) lists.Add(entry.Key, known = []);
            known.AddRange(names.Except(known, StringComparer.Ordinal));
        }
    }

    private static List<string> Texts(ConfigNode? node, LiteLlmReader reader, string key)
    {
        var names = new List<string>();
        foreach (var item in node is ListNode list ? list.Items : node is null ? [] : [node])
        {
            if (item is ScalarNode { IsNull: false } scalar) names.Add(scalar.Text);
            else if (item is MapNode map && map["model"] is ScalarNode model)
            {
                names.Add(model.Text);
                if (map.Entries.Count > 1) reader.Note(key, $"'{model.Text}' is asked as the client asked; what stands beside its model is left out");
            }
        }

        return names;
    }
}
