using Sluice.Wire;

namespace Sluice.Chat;

/// <summary>One piece of a message's content.</summary>
public abstract record Part
{
    /// <summary>The provider's own id of this piece (a Responses item id); <see langword="null"/> where the format has none.</summary>
    public string? Id { get; init; }

    /// <summary>The opaque payload that the provider wants back with this piece.</summary>
    public Signature? Signature { get; init; }

    /// <summary>A prompt-cache marker that ends at this piece.</summary>
    public CacheMarker? Cache { get; init; }

    /// <summary>What only the format of origin knows of this piece.</summary>
    public WireNotes? Notes { get; init; }
}

/// <summary>A prompt-cache breakpoint (Anthropic <c>cache_control</c>, Bedrock <c>cachePoint</c>).</summary>
/// <param name="Ttl">Lifetime as the format spells it (<c>5m</c>, <c>1h</c>); <see langword="null"/> for the provider's default.</param>
public sealed record CacheMarker(string? Ttl = null);

/// <summary>Text.</summary>
/// <param name="Text">The text; may be empty.</param>
public sealed record TextPart(string Text) : Part
{
    /// <summary>Sources that the provider names for this text.</summary>
    public IReadOnlyList<Citation> Citations { get; init; } = [];
}

/// <summary>The model's words for declining (OpenAI <c>refusal</c>).</summary>
/// <param name="Text">The words.</param>
public sealed record RefusalPart(string Text) : Part;

/// <summary>The model's reasoning. <see cref="Part.Signature"/> holds its signature, or the encrypted or redacted payload.</summary>
/// <param name="Text">Readable reasoning; empty where the provider gives none. Summary paragraphs are joined by a blank line.</param>
public sealed record ReasoningPart(string Text) : Part
{
    /// <summary>True when <see cref="Text"/> is a summary made for readers, not the reasoning itself.</summary>
    public bool IsSummary { get; init; }

    /// <summary>True when the provider withheld the text and gave only a payload (Anthropic <c>redacted_thinking</c>).</summary>
    public bool IsRedacted { get; init; }

    /// <summary>The paragraphs of a summary where the format keeps them apart; <see cref="Text"/> is their join.</summary>
    public IReadOnlyList<string> SummaryParagraphs { get; init; } = [];
}

/// <summary>What only one format knows; kept, and given back when the same format comes out.</summary>
/// <param name="Format">Its format.</param>
/// <param name="Type">The format's own name for it, for reports.</param>
/// <param name="Json">The whole piece.</param>
public sealed record RawPart(WireFormatId Format, string Type, RawJson Json) : Part;
