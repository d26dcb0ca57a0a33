using Sluice.Wire;

namespace Sluice.Chat;

/// <summary>
/// What a call used, by one convention: input includes cache reads and writes, output includes reasoning (as OpenTelemetry and
/// Microsoft.Extensions.AI have it). Every breakdown is nullable: unknown is not zero. Each format's nesting is undone in its codec.
/// </summary>
public sealed record Usage
{
    /// <summary>More than any call can use: larger counts are read as this many.</summary>
    public const long MostTokens = 1_000_000_000;

    /// <summary>All tokens of the prompt, cache reads and writes included.</summary>
    public long? InputTokens { get; init; }

    /// <summary>All tokens of the answer, reasoning included.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>The total as the provider gave it; otherwise use <see cref="TotalOrSum"/>.</summary>
    public long? TotalTokens { get; init; }

    /// <summary>Part of input: read from a prompt cache.</summary>
    public long? CacheReadTokens { get; init; }

    /// <summary>Part of input: written to a prompt cache with the default lifetime (Anthropic: 5 minutes).</summary>
    public long? CacheWriteTokens { get; init; }

    /// <summary>Part of input: written to a prompt cache for an hour. Not part of <see cref="CacheWriteTokens"/>.</summary>
    public long? CacheWrite1hTokens { get; init; }

    /// <summary>Part of output: reasoning.</summary>
    public long? ReasoningTokens { get; init; }

    /// <summary>Part of input: sound.</summary>
    public long? InputAudioTokens { get; init; }

    /// <summary>Part of input: pictures.</summary>
    public long? InputImageTokens { get; init; }

    /// <summary>Part of input: video.</summary>
    public long? InputVideoTokens { get; init; }

    /// <summary>Part of <see cref="CacheReadTokens"/>: sound.</summary>
    public long? CacheReadAudioTokens { get; init; }

    /// <summary>Part of <see cref="CacheReadTokens"/>: pictures.</summary>
    public long? CacheReadImageTokens { get; init; }

    /// <summary>Part of output: sound.</summary>
    public long? OutputAudioTokens { get; init; }

    /// <summary>Part of output: pictures.</summary>
    public long? OutputImageTokens { get; init; }

    /// <summary>Part of output: predicted tokens that were taken.</summary>
    public long? AcceptedPredictionTokens { get; init; }

    /// <summary>Part of output: predicted tokens that were not taken, and are paid for.</summary>
    public long? RejectedPredictionTokens { get; init; }

    /// <summary>Part of output: citations (Perplexity).</summary>
    public long? CitationTokens { get; init; }

    /// <summary>Calls of the provider's own tools, by the provider's name for them (<c>web_search</c>: 2); they cost fees.</summary>
    public IReadOnlyDictionary<string, long>? ToolCalls { get; init; }

    /// <summary>The class of service that the answer names (<c>priority</c>, <c>flex</c>, <c>batch</c>; <c>default</c> is the usual one): prices depend on it. <see langword="null"/> where it names none.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Tokens of input that the provider bills, where it bills others than it counts (Cohere <c>billed_units</c>); a price applies to these.</summary>
    public long? BilledInputTokens { get; init; }

    /// <summary>Tokens of output that the provider bills, where it bills others than it counts.</summary>
    public long? BilledOutputTokens { get; init; }

    /// <summary>What the provider says that the call cost, in USD (OpenRouter); <see langword="null"/> where it does not.</summary>
    public decimal? ProviderCost { get; init; }

    /// <summary>The provider's own usage object, for audit and re-pricing; absent where there was none.</summary>
    public RawJson Raw { get; init; }

    /// <summary>The format of <see cref="Raw"/>.</summary>
    public WireFormatId? RawFormat { get; init; }

    /// <summary><see cref="TotalTokens"/>, or input plus output.</summary>
    public long TotalOrSum => TotalTokens ?? ((InputTokens ?? 0) + (OutputTokens ?? 0));
}
