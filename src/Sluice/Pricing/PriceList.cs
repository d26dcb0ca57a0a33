using Sluice.Configuration;

namespace Sluice.Pricing;

/// <summary>Everything that the price of a model's calls depends on. Immutable.</summary>
public sealed record PriceList
{
    /// <summary>A list for a model whose price is not known.</summary>
    public static PriceList Unknown { get; } = new();

    /// <summary>Spans of time with their prices, in order. A moment in none of them has no known price.</summary>
    public IReadOnlyList<PricePeriod> Periods { get; init; } = [];

    /// <summary>Classes of service with other prices, by lower-case name: <c>batch</c>, <c>flex</c>, <c>priority</c>.</summary>
    public IReadOnlyDictionary<string, ServiceTierPrice> Tiers { get; init; } = Empty<ServiceTierPrice>.Map;

    /// <summary>Factors on every kind of token, by <c>name=value</c> of what the call asked for: <c>speed=fast</c>, <c>inference_geo=us</c>, <c>region=data-zone</c>.</summary>
    public IReadOnlyDictionary<string, decimal> Factors { get; init; } = Empty<decimal>.Map;

    /// <summary>True for a price of the user's own: it holds for every class of service and every factor.</summary>
    public bool IsFlat { get; init; }

    /// <summary>Where the prices come from, for reports: <c>catalogue 2026-11-21</c>, <c>configuration</c>, a file's name.</summary>
    public string Origin { get; init; } = "";

    /// <summary>The span of time that a moment belongs to; <see langword="null"/> for none.</summary>
    public PricePeriod? At(DateTimeOffset at)
    {
        foreach (var period in Periods)
        {
            if (period.Holds(at)) return period;
        }
        return null;
    }

    /// <summary>The list that a user wrote at a provider or a target. Fees that it does not name are those of <paramref name="catalogue"/>.</summary>
    public static PriceList Of(PriceConfig price, PriceList? catalogue)
    {
        ArgumentNullException.ThrowIfNull(price);
        var tokens = new Dictionary<TokenKind, decimal> { [TokenKind.Input] = price.Input, [TokenKind.Output] = price.Output };
        Add(TokenKind.CacheRead, price.CacheRead);
        Add(TokenKind.CacheWrite, price.CacheWrite);
        Add(TokenKind.CacheWrite1h, price.CacheWrite1h);
        Add(TokenKind.Reasoning, price.Reasoning);
        Add(TokenKind.InputAudio, price.AudioInput);
        Add(TokenKind.OutputAudio, price.AudioOutput);
        var own = new PricePeriod { Tokens = new TokenPrices(tokens) };
        // The user's price holds at all times; the catalogue's newest fees are the best guess for tools that it does not name.
        return new PriceList { Periods = [WithFees(catalogue is { Periods: [.., var newest] } ? newest : own)], IsFlat = true, Origin = "configuration" };

        void Add(TokenKind kind, decimal? value)
        {
            if (value is { } known) tokens[kind] = known;
        }

        PricePeriod WithFees(PricePeriod span)
        {
            var calls = span.Calls.Where(c => c.Key != "request").ToDictionary(StringComparer.Ordinal);
            // The configuration gives USD for a call, fees are kept for a thousand of them.
            if (price.PerCall is { } fee) calls["request"] = new FeePrice(fee * 1000m, Empty<decimal>.Map);
            return own with { Calls = calls };
        }
    }
}

/// <summary>The price of a class of service: a factor on every kind of token, or prices of its own.</summary>
public sealed record ServiceTierPrice
{
    /// <summary>The factor. Default 1.</summary>
    public decimal Factor { get; init; } = 1m;

    /// <summary>Prices of its own, to which <see cref="Factor"/> does not apply; null where it has none.</summary>
    public TokenPrices? Tokens { get; init; }

    /// <summary>True when cached input costs as much as any.</summary>
    public bool NoCacheDiscount { get; init; }
}
