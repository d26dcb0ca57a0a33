using Sluice.Configuration;
using Sluice.Pricing;

namespace Sluice.Catalog;

/// <summary>What is known of a model. Absent is not known; it is never taken for "no".</summary>
public sealed record CatalogModel
{
    /// <summary>The provider whose model it is, in the catalogue's spelling: <c>openai</c>, <c>google</c>, <c>google-vertex</c> ...</summary>
    public required string Provider { get; init; }

    /// <summary>The id to send; <c>*</c> for all models of a provider.</summary>
    public required string Id { get; init; }

    /// <summary>A name for people; null where none is known.</summary>
    public string? Name { get; init; }

    /// <summary>What it does: <c>chat</c>, <c>completion</c>, <c>embedding</c>, <c>rerank</c>, <c>image</c> ...</summary>
    public string Kind { get; init; } = "chat";

    /// <summary><c>active</c>, <c>preview</c>, <c>deprecated</c> (a shutdown was announced), <c>retired</c> (no longer served), <c>unknown</c>.</summary>
    public string Status { get; init; } = "unknown";

    /// <summary>When it came out.</summary>
    public DateOnly? Released { get; init; }

    /// <summary>When it is shut down, as announced.</summary>
    public DateOnly? Retires { get; init; }

    /// <summary>Which ids mean this model: an id, <c>start*</c>, <c>*end</c>, <c>*middle*</c>, <c>*</c>, <c>id-####</c> (<c>#</c> is a digit) or <c>/regex/</c>; without regard to case.</summary>
    public IReadOnlyList<string> Match { get; init; } = [];

    /// <summary>Most tokens of input and output together.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>Most tokens of input, where that is less than the context window.</summary>
    public long? MaxInputTokens { get; init; }

    /// <summary>Most tokens of output.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>Length of its vectors, for embeddings.</summary>
    public int? Dimensions { get; init; }

    /// <summary>The shortest prompt, in tokens, that the provider caches.</summary>
    public long? CacheMinTokens { get; init; }

    /// <summary>OpenAI: the endpoints that serve it, <c>chat</c> and <c>responses</c>; empty where not known.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>What goes in: <c>text</c>, <c>image</c>, <c>document</c>, <c>audio</c>, <c>video</c>; empty where not known.</summary>
    public IReadOnlyList<string> Input { get; init; } = [];

    /// <summary>What comes out; empty where not known.</summary>
    public IReadOnlyList<string> Output { get; init; } = [];

    /// <summary>Capabilities by name (<c>tools</c>, <c>vision</c>, <c>json_schema</c>, <c>reasoning</c> ...), true or false where known.</summary>
    public IReadOnlyDictionary<string, bool> Capabilities { get; init; } = Empty<bool>.Map;

    /// <summary>How it reasons; null where it does not or nothing is known.</summary>
    public ReasoningFacts? Reasoning { get; init; }

    /// <summary>The request parameters that it takes, where the provider lists them (OpenRouter); empty where not known.</summary>
    public IReadOnlyList<string> Accepts { get; init; } = [];

    /// <summary>What it costs.</summary>
    public PriceList Prices { get; init; } = PriceList.Unknown;

    /// <summary>Sources that give other prices, and which.</summary>
    public IReadOnlyList<string> Disputed { get; init; } = [];

    /// <summary>A remark on its figures; null for none.</summary>
    public string? Note { get; init; }

    /// <summary>Where its figures come from, with dates, by kind of fact (<c>prices</c>, <c>limits</c> ...).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Sources { get; init; } = Empty<IReadOnlyList<string>>.Map;

    /// <summary>Whether it has a capability; <see langword="null"/> where not known.</summary>
    public bool? Can(string capability) => capability switch
    {
        "vision" when Input.Count > 0 => Input.Contains("image"),
        "audio" when Input.Count > 0 => Input.Contains("audio"),
        "documents" when Input.Count > 0 && !Capabilities.ContainsKey("documents") => Input.Contains("document"),
        "schema" => Can("json_schema"),
        _ => Capabilities.TryGetValue(capability, out bool can) ? can : null,
    };
}

/// <summary>How a model reasons.</summary>
public sealed record ReasoningFacts
{
    /// <summary>How it is told: <c>effort</c>, <c>budget</c>, <c>adaptive</c>, <c>level</c>, <c>toggle</c>; empty where not known.</summary>
    public IReadOnlyList<string> Ways { get; init; } = [];

    /// <summary>The efforts that it takes; empty where not known.</summary>
    public IReadOnlyList<string> Efforts { get; init; } = [];

    /// <summary>The effort where none is asked for.</summary>
    public string? DefaultEffort { get; init; }

    /// <summary>Whether it reasons unasked.</summary>
    public bool? OnByDefault { get; init; }

    /// <summary>Whether it can be told not to.</summary>
    public bool? CanBeOff { get; init; }

    /// <summary>The highest effort with which it can be told not to; null where that makes no difference.</summary>
    public string? OffUpToEffort { get; init; }

    /// <summary>The lowest setting of a model that cannot be off; null where there is none.</summary>
    public string? Lowest { get; init; }

    /// <summary>The least budget in tokens.</summary>
    public long? BudgetMin { get; init; }

    /// <summary>The largest budget in tokens.</summary>
    public long? BudgetMax { get; init; }
}
