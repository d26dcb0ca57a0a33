using Sluice.Wire;

namespace Sluice.Chat;

/// <summary>A whole answer.</summary>
public sealed record ChatResponse
{
    /// <summary>The provider's id; empty where the format has none.</summary>
    public string Id { get; init; } = "";

    /// <summary>The model that answered, as the provider names it.</summary>
    public string Model { get; init; } = "";

    /// <summary>When it was made; <see langword="null"/> where not said.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The answers; one unless more were asked for. A blocked prompt is one candidate without parts that ended by a filter.</summary>
    public IReadOnlyList<Candidate> Candidates { get; init; } = [];

    /// <summary>What was used; <see langword="null"/> where the provider did not say.</summary>
    public Usage? Usage { get; init; }

    /// <summary>The class of service that answered.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>OpenAI <c>system_fingerprint</c>.</summary>
    public string? SystemFingerprint { get; init; }

    /// <summary>What only the format of origin knows.</summary>
    public WireNotes? Notes { get; init; }
}

/// <summary>One of the answers.</summary>
public sealed record Candidate
{
    /// <summary>Its number, from 0.</summary>
    public int Index { get; init; }

    /// <summary>What was answered, in order.</summary>
    public IReadOnlyList<Part> Parts { get; init; } = [];

    /// <summary>Why it ended; <see langword="null"/> where the provider never said.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>The stop sequence that was met, where known.</summary>
    public string? StopSequence { get; init; }

    /// <summary>Token probabilities, where asked for.</summary>
    public IReadOnlyList<TokenLogprob>? Logprobs { get; init; }

    /// <summary>What only the format of origin knows.</summary>
    public WireNotes? Notes { get; init; }
}

/// <summary>The probability of one token of the answer.</summary>
/// <param name="Token">The token's text.</param>
/// <param name="Logprob">Natural logarithm of its probability.</param>
public sealed record TokenLogprob(string Token, double Logprob)
{
    /// <summary>The token's UTF-8 bytes, where given.</summary>
    public IReadOnlyList<int>? Bytes { get; init; }

    /// <summary>The likeliest tokens at this place, where asked for.</summary>
    public IReadOnlyList<TokenLogprob> Top { get; init; } = [];
}
