using System.CommandLine;
using System.CommandLine.Completions;
using Sluice.Cli.Hosting;
using Sluice.Configuration.Importing;
using Sluice.Configuration.Yaml;

namespace Sluice.Cli.Keys;

/// <summary>The options that say what a key may do, for <c>create</c> and <c>update</c>: they become the settings that the administration API takes too.</summary>
internal sealed class KeyOptions
{
    /// <summary>The word that takes a setting out.</summary>
    public const string Unset = "unset";

    private readonly Option<string?> _name = new("--name", "-n") { Description = "Its name; unique", HelpName = "NAME" };
    private readonly Option<string?> _group = new("--group", "-g") { Description = "The group of keys.groups that it belongs to", HelpName = "GROUP" };
    private readonly Option<string[]> _models = List("--models", "Models or routes that it may use, patterns with *", "smart,openai/*");
    private readonly Option<string[]> _routes = List("--routes", "Routes that it may use, and nothing else", "smart");
    private readonly Option<string[]> _providers = List("--providers", "Providers that it may use", "openai");
    private readonly Option<string?> _rpm = new("--rpm") { Description = "Requests per minute", HelpName = "NUMBER" };
    private readonly Option<string?> _tpm = new("--tpm") { Description = "Tokens per minute, input and output together", HelpName = "NUMBER" };
    private readonly Option<string?> _concurrency = new("--concurrency") { Description = "Calls under way at once", HelpName = "NUMBER" };
    private readonly Option<string?> _daily = new("--budget-daily") { Description = "USD per day", HelpName = "USD" };
    private readonly Option<string?> _weekly = new("--budget-weekly") { Description = "USD per week", HelpName = "USD" };
    private readonly Option<string?> _monthly = new("--budget-monthly") { Description = "USD per month", HelpName = "USD" };
    private readonly Option<string?> _total = new("--budget-total") { Description = "USD in all", HelpName = "USD" };
    private readonly Option<string?> _expires = new("--expires") { Description = "When it ends: 2027-01-31, 2027-01-31T18:00:00Z, or from now on: 30d", HelpName = "WHEN" };
    private readonly Option<string[]> _labels = new("--label", "-l") { Description = "A label that every call of it gets; may be repeated", HelpName = "NAME=VALUE", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string[]> _addresses = List("--address", "Addresses or networks that it may be used from", "10.0.0.0/8");

    public void AddTo(Command command)
    {
        _labels.Validators.Add(static result =>
        {
            foreach (var token in result.Tokens)
            {
                if (token.Value != Unset && token.Value.IndexOf('=') <= 0) result.AddError($"--label {token.Value}: write NAME=VALUE");
            }
        });
        foreach (var option in (Option[])[_name, _group, _models, _routes, _providers, _rpm, _tpm, _concurrency, _daily, _weekly, _monthly, _total, _expires, _labels, _addresses]) command.Options.Add(option);
    }

    /// <summary>Completes names from the configuration.</summary>
    public void CompleteWith(ConfigurationOptions configuration)
    {
        _group.CompletionSources.Add(context => Items(ConfiguredNames.Load(configuration, context)?.Keys.Groups.Keys));
        _models.CompletionSources.Add(context => Items(ConfiguredNames.Models(ConfiguredNames.Load(configuration, context))));
        _routes.CompletionSources.Add(context => Items(ConfiguredNames.Load(configuration, context)?.Routes.Keys));
        _providers.CompletionSources.Add(context => Items(ConfiguredNames.Providers(ConfiguredNames.Load(configuration, context))));
    }

    /// <summary>What was said, as a merge patch: what is unset is null.</summary>
    public MapNode Settings(ParseResult parsed)
    {
        var limits = new NodeBuilder().Set("rpm", Plain(parsed, _rpm)).Set("tpm", Plain(parsed, _tpm)).Set("concurrency", Plain(parsed, _concurrency));
        var budget = new NodeBuilder().Set("daily", Plain(parsed, _daily)).Set("weekly", Plain(parsed, _weekly)).Set("monthly", Plain(parsed, _monthly)).Set("total", Plain(parsed, _total));
        return new NodeBuilder()
            .Set("name", parsed.GetValue(_name))
            .Set("group", Text(parsed, _group))
            .Set("models", Items(parsed, _models)).Set("routes", Items(parsed, _routes)).Set("providers", Items(parsed, _providers))
            .Set("limits", limits).Set("budget", budget)
            .Set("expires_at", Text(parsed, _expires))
            .Set("addresses", Items(parsed, _addresses))
            .Set("labels", Labels(parsed))
            .Build();
    }

    private static IEnumerable<CompletionItem> Items(IEnumerable<string>? names) => (names ?? []).Select(name => new CompletionItem(name));

    private static ScalarNode Null { get; } = NodeBuilder.Plain("null");

    private static Option<string[]> List(string name, string description, string example) =>
        new(name) { Description = $"{description}; comma-separated or repeated, e.g. {example}", HelpName = "LIST", Arity = ArgumentArity.OneOrMore };

    private static ScalarNode? Text(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is not { } text ? null : text == Unset ? Null : NodeBuilder.Text(text);

    private static ScalarNode? Plain(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is not { } text ? null : text == Unset ? Null : NodeBuilder.Plain(text);

    private static ConfigNode? Items(ParseResult parsed, Option<string[]> option)
    {
        if (parsed.GetValue(option) is not { Length: > 0 } given) return null;
        if (given is [Unset]) return Null;
        return NodeBuilder.List(given.SelectMany(g => g.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Select(NodeBuilder.Text));
    }

    private ConfigNode? Labels(ParseResult parsed)
    {
        if (parsed.GetValue(_labels) is not { Length: > 0 } given) return null;
        if (given is [Unset]) return Null;
        var labels = new NodeBuilder();
        foreach (string label in given) labels.Set(label[..label.IndexOf('=')], label[(label.IndexOf('=') + 1)..]);
        return labels.Build();
    }
}
