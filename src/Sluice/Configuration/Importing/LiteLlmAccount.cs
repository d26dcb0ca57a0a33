using Sluice.Configuration.Schema;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Importing;

/// <summary>One account at one vendor: it becomes a provider. Several deployments may share it.</summary>
internal sealed class LiteLlmAccount(string type, string prefix, MapNode settings)
{
    private readonly OrderedDictionary<string, string> deployments = new(StringComparer.Ordinal);

    /// <summary>The provider's name; given when all names that clients ask for are known.</summary>
    internal string Name { get; set; } = "";

    internal string Type => type;

    /// <summary>The name that it takes where that is free.</summary>
    internal string Wanted => !type.EndsWith("-compatible", StringComparison.Ordinal) ? type : prefix is "openai" or "custom_openai" or "openai_like" or "" ? "custom" : prefix.Replace('_', '-');

    /// <summary>Lets a model go to a deployment of another name; false where another deployment of this account has the model already.</summary>
    internal bool TryDeploy(string model, string deployment)
    {
        if (deployments.TryGetValue(model, out var known)) return known == deployment;
        deployments.Add(model, deployment);
        return true;
    }

    /// <summary>The provider as it is written: its name says its type where it can.</summary>
    internal MapNode Build()
    {
        var built = new NodeBuilder();
        foreach (var entry in settings.Entries.Where(entry => entry.Key != "type" || Name != type)) built.Set(entry.Key, entry.Value);
        var map = new NodeBuilder();
        foreach (var (model, deployment) in deployments.Where(pair => pair.Key != pair.Value)) map.Set(model, deployment);
        return built.Set("deployments", map).Build();
    }
}

/// <summary>The accounts of a file, each once.</summary>
internal sealed class LiteLlmAccounts
{
    private readonly List<LiteLlmAccount> accounts = [];
    private readonly Dictionary<string, List<LiteLlmAccount>> byContent = new(StringComparer.Ordinal);

    /// <summary>The account with these settings that can serve a model by a deployment.</summary>
    internal LiteLlmAccount Add(string type, string prefix, NodeBuilder settings, string model, string deployment)
    {
        var node = settings.Build();
        var content = Rendering.YamlText.Write(node);
        if (!byContent.TryGetValue(content, out var same)) byContent.Add(content, same = []);
        if (same.FirstOrDefault(account => account.TryDeploy(model, deployment)) is { } known) return known;
        var made = new LiteLlmAccount(type, prefix, node);
        made.TryDeploy(model, deployment);
        same.Add(made);
        accounts.Add(made);
        return made;
    }

    /// <summary>Names all accounts so that no target has the name of a route: a route wins, and its calls would go where another's belong.</summary>
    /// <param name="models">The models that targets name at each.</param>
    /// <param name="isTaken">Whether a model id is a name that means something else.</param>
    internal void NameAll(ILookup<LiteLlmAccount, string> models, Func<LiteLlmAccount, string, string, bool> isTaken)
    {
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var account in accounts)
        {
            var wanted = ShapeType.Identifier.Check(account.Wanted) is null ? account.Wanted : "custom";
            // A name of another type would have to say its type, and read as what it is not.
            var name = wanted;
            for (var number = 2; used.Contains(name) || models[account].Any(model => isTaken(account, model, $"{name}/{model}")); number++) name = $"{wanted}-{number}";
            account.Name = name;
            used.Add(name);
        }
    }

    internal MapNode Build() => new(ConfigurationOrigin.BuiltIn, [.. accounts.Select(account => new MapEntry(account.Name, ConfigurationOrigin.BuiltIn, account.Build()))]);
}
