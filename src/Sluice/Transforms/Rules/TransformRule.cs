using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Transforms.JsonPath;
using Sluice.Wire;

namespace Sluice.Transforms.Rules;

/// <summary>A rule of <c>transforms</c>, compiled once a configuration.</summary>
internal sealed class TransformRule
{
    private readonly TransformFilterConfig _where;

    public TransformRule(TransformConfig config)
    {
        (Name, Phase, _where) = (config.Name, config.On, config.Where);
        Text = config.Regex is { } regex ? new TextReplacement(regex) : null;
        Parameters = config.Params is { } parameters ? new ParameterEdit(parameters) : null;
        Edit = (config.Drop, config.Add, config.Set) switch
        {
            ({ } drop, _, _) => new JsonPathEdit(Parse(drop), JsonPathAction.Drop, default),
            (_, { } add, _) => new JsonPathEdit(Parse(add.Path), JsonPathAction.Add, RawJson.From(add.Value).Utf8),
            (_, _, { } set) => new JsonPathEdit(Parse(set.Path), JsonPathAction.Set, RawJson.From(set.Value).Utf8),
            _ => null,
        };
    }

    /// <summary>Its name in reports.</summary>
    public string Name { get; }

    /// <summary>What it acts on.</summary>
    public TransformPhase Phase { get; }

    /// <summary>Search and replace.</summary>
    public TextReplacement? Text { get; }

    /// <summary>An edit by path.</summary>
    public JsonPathEdit? Edit { get; }

    /// <summary>An edit of parameters.</summary>
    public ParameterEdit? Parameters { get; }

    /// <summary>What kind of rule it is, as the configuration spells it.</summary>
    public string Kind => Text is not null ? "regex" : Parameters is not null ? "params" : Edit!.Action;

    /// <summary>True when only the call tells whether it fits.</summary>
    public bool IsPerCall => _where.Keys is not null || _where.Dialects is not null || _where.Routes is not null;

    /// <summary>Whether it can fit calls to a target.</summary>
    public bool FitsTarget(string provider, string model) =>
        Any(_where.Providers, provider)
        && (_where.Models is null || Any(_where.Models, $"{provider}/{model}") || Any(_where.Models, model));

    /// <summary>Whether it fits a call by the client's key, its dialect, and the route that it asked for.</summary>
    public bool FitsCall(CallContext call) =>
        (_where.Keys is null || (call.Inbound.Caller is { } caller && Any(_where.Keys, caller.Name)))
        && Any(_where.Dialects, call.Inbound.Format.Id.Value)
        && (_where.Routes is null || (call.Route is { IsNamed: true } route && Any(_where.Routes, route.Name)));

    private static bool Any(IReadOnlyList<string>? patterns, string text) => patterns is null || patterns.Any(p => Wildcard.Matches(p, text));

    // Paths were checked when the configuration was read.
    private static JsonPathQuery Parse(string path) => JsonPathQuery.TryParse(path, out var fault) ?? throw new ArgumentException(fault!.Message, nameof(path));
}
