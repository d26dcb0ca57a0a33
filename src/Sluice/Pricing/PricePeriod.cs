using Sluice.Configuration;

namespace Sluice.Pricing;

/// <summary>The prices of a span of time.</summary>
public sealed record PricePeriod
{
    /// <summary>The first moment; null for "always was".</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The first moment that no longer belongs to it; null for "until further notice".</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The usual prices.</summary>
    public TokenPrices Tokens { get; init; } = TokenPrices.None;

    /// <summary>Prices of long prompts, by rising length.</summary>
    public IReadOnlyList<LongContextPrice> Long { get; init; } = [];

    /// <summary>Hours of the day with other prices.</summary>
    public IReadOnlyList<HourlyPrice> Hours { get; init; } = [];

    /// <summary>Fees in USD per thousand calls of a hosted tool (<c>web_search</c>, <c>file_search</c> ...) or of the model itself (<c>request</c>).</summary>
    public IReadOnlyDictionary<string, FeePrice> Calls { get; init; } = Empty<FeePrice>.Map;

    /// <summary>Prices in USD of what is not counted in tokens: <c>audio_hour</c>, <c>document_page_1k</c>, <c>input_character_1m</c> ...</summary>
    public IReadOnlyDictionary<string, decimal> Units { get; init; } = Empty<decimal>.Map;

    /// <summary>Whether a moment belongs to it.</summary>
    public bool Holds(DateTimeOffset at) => (From is not { } from || at >= from) && (Until is not { } until || at < until);
}

/// <summary>The prices of a prompt of some length: the whole call, output too, pays them.</summary>
/// <param name="FromInput">The least number of input tokens, cached ones included.</param>
/// <param name="Tokens">The prices.</param>
public sealed record LongContextPrice(long FromInput, TokenPrices Tokens);

/// <summary>The prices of some hours of the day, UTC.</summary>
/// <param name="Days">The days of the week; empty for all.</param>
/// <param name="From">The first minute.</param>
/// <param name="Until">The first minute that no longer belongs to it; midnight stands for the end of the day.</param>
/// <param name="Tokens">The prices.</param>
public sealed record HourlyPrice(IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly Until, TokenPrices Tokens)
{
    /// <summary>Whether a moment belongs to them.</summary>
    public bool Holds(DateTimeOffset at)
    {
        var time = TimeOnly.FromTimeSpan(at.UtcDateTime.TimeOfDay);
        return (Days.Count == 0 || Days.Contains(at.UtcDateTime.DayOfWeek)) && (From < Until || Until == TimeOnly.MinValue
            ? time >= From && (time < Until || Until == TimeOnly.MinValue)
            : time >= From || time < Until);
    }
}

/// <summary>A fee in USD per thousand calls; some depend on how much is searched.</summary>
/// <param name="Flat">The fee where it depends on nothing.</param>
/// <param name="BySize">The fee by size of the search context (<c>low</c>, <c>medium</c>, <c>high</c>).</param>
public sealed record FeePrice(decimal? Flat, IReadOnlyDictionary<string, decimal> BySize)
{
    /// <summary>True for a fee that is paid once by a prompt that used the tool at all, however often it did (Gemini's searches up to 2.5).</summary>
    public bool IsOncePerPrompt { get; init; }

    /// <summary>The fee for a size; <c>low</c> where none is named; <see langword="null"/> where it is unknown.</summary>
    public decimal? Of(string? size) => Flat ?? (BySize.TryGetValue(size ?? "low", out decimal fee) ? fee : null);
}
