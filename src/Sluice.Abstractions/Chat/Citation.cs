using Sluice.Wire;

namespace Sluice.Chat;

/// <summary>A source that the provider names for a piece of text.</summary>
public sealed record Citation
{
    /// <summary>The format's own kind: <c>url_citation</c>, <c>char_location</c>, <c>web_search_result_location</c> ...</summary>
    public required string Kind { get; init; }

    /// <summary>The address of the source.</summary>
    public string? Url { get; init; }

    /// <summary>The title of the source.</summary>
    public string? Title { get; init; }

    /// <summary>The words of the source.</summary>
    public string? CitedText { get; init; }

    /// <summary>First character of the answer's text that the source supports, from 0, in UTF-16 units; where known.</summary>
    public int? StartIndex { get; init; }

    /// <summary>One past the last character.</summary>
    public int? EndIndex { get; init; }

    /// <summary>The citation as its format spells it.</summary>
    public WireNotes? Notes { get; init; }
}
