using Sluice.Catalog;

namespace Sluice.Parameters;

/// <summary>One rule of the file: what a family of models does not take, and what is done about it. Immutable.</summary>
public sealed record ParameterRule
{
    /// <summary>Its name, for reports and documentation.</summary>
    public required string Id { get; init; }

    /// <summary>The vendors it holds for, by the name in a provider's <c>type</c>.</summary>
    public required IReadOnlyList<string> Vendors { get; init; }

    /// <summary>The models, as patterns like those of the catalogue: <c>o1*</c>, <c>*claude-opus-5*</c>, <c>*</c>.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Models that are left out although <see cref="Models"/> names them.</summary>
    public IReadOnlyList<string> Not { get; init; } = [];

    /// <summary>The wire formats in whose bodies it holds; empty for all.</summary>
    public IReadOnlyList<string> Formats { get; init; } = [];

    /// <summary>Whether it holds for requests that are translated, for those of the upstream's own format, or for both.</summary>
    public ParameterLanes Lanes { get; init; } = ParameterLanes.Both;

    /// <summary>True or false: it holds only while the model reasons, or only while it does not; null: always.</summary>
    public bool? WhileReasoning { get; init; }

    /// <summary>Whether the model reasons when the request does not say.</summary>
    public bool ReasonsByDefault { get; init; }

    /// <summary>Parameters to leave out, by their neutral names (<see cref="Wire.ParameterMap"/>).</summary>
    public IReadOnlyList<string> Drop { get; init; } = [];

    /// <summary>Values (from, to) that are taken although the parameter is in <see cref="Drop"/>.</summary>
    public IReadOnlyDictionary<string, (double Min, double Max)> Keep { get; init; } = new Dictionary<string, (double, double)>();

    /// <summary>Members of the body that have another name.</summary>
    public IReadOnlyDictionary<string, string> Rename { get; init; } = new Dictionary<string, string>();

    /// <summary>Bounds to which values are moved.</summary>
    public IReadOnlyDictionary<string, (double Min, double Max)> Clamp { get; init; } = new Dictionary<string, (double, double)>();

    /// <summary>Parameters of which only the first that is there is sent.</summary>
    public IReadOnlyList<string> Exclusive { get; init; } = [];

    /// <summary>The most stop sequences; null for no bound.</summary>
    public int? MaxStop { get; init; }

    /// <summary>The reasoning efforts that are taken; another is replaced by the nearest. Empty for any.</summary>
    public IReadOnlyList<string> Efforts { get; init; } = [];

    /// <summary>True where function tools are taken only with reasoning off.</summary>
    public bool ToolsNeedEffortNone { get; init; }

    /// <summary>True where OpenAI's own prompt-cache markers are taken (<c>prompt_cache_breakpoint</c>).</summary>
    public bool TakesCacheBreakpoints { get; init; }

    /// <summary>Anthropic: what becomes of the member <c>thinking</c>.</summary>
    public ThinkingRule Thinking { get; init; }

    /// <summary>Why, in a sentence for users.</summary>
    public required string Why { get; init; }

    /// <summary>Whether it holds for a model of a vendor.</summary>
    internal bool Covers(string vendor, string model) =>
        Vendors.Contains(vendor, StringComparer.OrdinalIgnoreCase)
        && Models.Any(m => ModelPattern.Parse(m).Matches(model))
        && !Not.Any(m => ModelPattern.Parse(m).Matches(model));
}

/// <summary>The ways of a request to which a rule applies.</summary>
[Flags]
public enum ParameterLanes
{
    /// <summary>The client speaks another format than the upstream.</summary>
    Translated = 1,

    /// <summary>The client speaks the upstream's own format.</summary>
    Native = 2,

    /// <summary>Both.</summary>
    Both = Translated | Native,
}

/// <summary>What becomes of Anthropic's <c>thinking</c>.</summary>
public enum ThinkingRule
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A budget of tokens becomes adaptive thinking with the effort nearest to it.</summary>
    Adaptive,

    /// <summary><c>disabled</c> is left out.</summary>
    Always,
}
