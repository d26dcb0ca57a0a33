namespace Sluice.Storage;

/// <summary>One call that reached a provider. Counts are in tokens, <see langword="null"/> where unknown; money in USD.</summary>
public sealed record LedgerEntry
{
    /// <summary>The request id that the answer carried; unique.</summary>
    public required string Id { get; init; }

    /// <summary>When the call came in.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From the request to the end of the answer.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>From the request to the first content.</summary>
    public TimeSpan? FirstContent { get; init; }

    /// <summary>The client's wire format.</summary>
    public required string Format { get; init; }

    /// <summary>The HTTP status that the client got.</summary>
    public required int Status { get; init; }

    /// <summary><c>ok</c>, or the kind of error.</summary>
    public required string Outcome { get; init; }

    /// <summary>The caller's key.</summary>
    public string? KeyId { get; init; }

    /// <summary>Its name then.</summary>
    public string? KeyName { get; init; }

    /// <summary>Its groups, the nearest first.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>The route; <see langword="null"/> where a model was named directly.</summary>
    public string? Route { get; init; }

    /// <summary>Who answered, or was tried last.</summary>
    public string? Provider { get; init; }

    /// <summary>The model's name there.</summary>
    public string? Model { get; init; }

    /// <summary>The model as the answer names it.</summary>
    public string? AnsweredModel { get; init; }

    /// <summary>Whether the answer was streamed.</summary>
    public bool Streamed { get; init; }

    /// <summary>The tries, as JSON: <c>[{"provider","model","status","error","ms"}]</c>.</summary>
    public string Attempts { get; init; } = "[]";

    /// <summary>Tokens in, cache reads and writes included.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Tokens out, reasoning included.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Of the input: read from a prompt cache.</summary>
    public long? CacheReadTokens { get; init; }

    /// <summary>Of the input: written to a prompt cache, of any lifetime.</summary>
    public long? CacheWriteTokens { get; init; }

    /// <summary>Of the output: reasoning.</summary>
    public long? ReasoningTokens { get; init; }

    /// <summary>Of input and output: sound.</summary>
    public long? AudioTokens { get; init; }

    /// <summary>The provider's own usage object, as it came.</summary>
    public string? RawUsage { get; init; }

    /// <summary>The wire format of <see cref="RawUsage"/>.</summary>
    public string? RawUsageFormat { get; init; }

    /// <summary>What it cost, exact; <see langword="null"/> where that is unknown.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>The prices used, as JSON; <see langword="null"/> where none was.</summary>
    public string? Price { get; init; }

    /// <summary>True where tokens or cost are an estimate, because the call ended before its provider told.</summary>
    public bool Estimated { get; init; }

    /// <summary>The client's labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = Empty;

    private static readonly IReadOnlyDictionary<string, string> Empty = new Dictionary<string, string>();
}
