using Sluice.Configuration.Rendering;
using Sluice.Configuration.Schema;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Importing;

/// <summary>
/// Writes a LiteLLM proxy's <c>config.yaml</c> (model_list, litellm_settings, router_settings, general_settings, credential_list) as a Sluice file, and
/// reports whatever has no counterpart. Every deployment ends up usable, or is named as left out.
/// </summary>
internal sealed class LiteLlmImport
{
    private readonly List<ImportNote> notes = [];
    private readonly LiteLlmAccounts accounts = new();
    private readonly OrderedDictionary<string, LiteLlmGroup> groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> spellings = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Converts a file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="shown">What messages call it.</param>
    /// <param name="environment">For names that are variables; null for none.</param>
    /// <param name="include">Gives the text of a file that <c>include</c> names; null where that cannot be read.</param>
    internal static ImportResult Convert(string text, string shown, IEnvironment? environment = null, Func<string, string?>? include = null)
    {
        var faults = new FaultList();
        if (YamlReader.Read(text, shown, faults) is not MapNode root)
        {
            if (faults.Count == 0) faults.Add(new ConfigurationOrigin(ConfigurationOriginKind.File, shown, 1, 1), "", "is not a LiteLLM configuration", "give a file with model_list");
            return new ImportResult(null, faults.Sorted(), []);
        }

        var import = new LiteLlmImport();
        root = LiteLlmIncludes.Merge(root, include ?? (_ => null), faults, import.notes);
        if (root["model_list"] is not ListNode) faults.Add(root.Origin, "", "has no model_list", "give the config.yaml of a LiteLLM proxy");
        if (faults.Count > 0) return new ImportResult(null, faults.Sorted(), []);
        var yaml = import.Run(root, shown, environment ?? new NoEnvironment());
        var ordered = import.notes.Distinct().OrderBy(note => note.Origin.Line).ThenBy(note => note.Origin.Column);
        return new ImportResult(yaml, [], [.. ordered]) { Variables = ImportCheck.Variables(yaml), Remaining = ImportCheck.Load(yaml, "result").Faults };
    }

    private string Run(MapNode root, string shown, IEnvironment environment)
    {
        var reader = new LiteLlmReader(root, "", notes);
        var deployments = new LiteLlmDeployments(accounts, Credentials(reader), environment);
        var models = reader.Items("model_list");
        for (var i = 0; i < models.Count; i++) AddDeployment(new LiteLlmReader(models[i] as MapNode, LiteLlmTarget.Index("model_list", i), notes, models[i].Origin), deployments, environment);

        var settings = reader.Map("litellm_settings");
        var router = reader.Map("router_settings");
        var file = new NodeBuilder();
        LiteLlmSettings.Write(settings, router, reader.Map("general_settings"), file);
        var fallbacks = LiteLlmFallbacks.Read(settings, router);
        var aliases = LiteLlmSettings.Aliases(settings, router);
        var routes = new LiteLlmRoutes(groups, fallbacks, aliases, LiteLlmSettings.Strategy(router), accounts, (key, what) => (router.Has(key) ? router : settings).Note(key, what));
        var built = routes.Build();
        settings.NoteRest();
        router.NoteRest();
        reader.NoteWhere("environment_variables", "set these in the environment of Sluice; left out");
        reader.NoteRest();

        file.Set("providers", accounts.Build());
        file.Set("models", built.Build());
        return $"# Imported from {Path.GetFileName(shown)} by 'sluice config import litellm'.\n" + YamlText.Write(file.Build());
    }

    private static Dictionary<string, MapNode> Credentials(LiteLlmReader reader)
    {
        var credentials = new Dictionary<string, MapNode>(StringComparer.Ordinal);
        foreach (var item in reader.Items("credential_list").OfType<MapNode>())
        {
            if (item["credential_name"] is ScalarNode { Text: var name } && item["credential_values"] is MapNode values) credentials.TryAdd(name, values);
        }

        return credentials;
    }

    private void AddDeployment(LiteLlmReader entry, LiteLlmDeployments deployments, IEnvironment environment)
    {
        if (!entry.Has("model_name"))
        {
            entry.Note("model_name", "is missing; the entry is left out");
            return;
        }

        if (entry.Name("model_name", environment) is not { } name) return;
        if (ShapeType.RouteName.Check(name) is not null)
        {
            entry.Note("model_name", $"is no name that a route can have ({ShapeType.RouteName.Expected}); the entry is left out");
            return;
        }

        if (spellings.TryGetValue(name, out var spelling) && spelling != name)
        {
            entry.Note("model_name", $"'{name}' and '{spelling}' differ by upper and lower case alone, which names of routes may not; the entry is left out");
            return;
        }

        if (deployments.Read(entry, name) is not { } deployment) return;
        spellings.TryAdd(name, name);
        if (!groups.TryGetValue(name, out var group)) groups.Add(name, group = new LiteLlmGroup(name, []));
        group.Deployments.Add(deployment);
        entry.NoteRest();
    }

    private sealed class NoEnvironment : IEnvironment
    {
        public IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>();

        public string WorkingDirectory => Path.GetTempPath();
    }
}
