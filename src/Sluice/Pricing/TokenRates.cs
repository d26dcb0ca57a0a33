namespace Sluice.Pricing;

/// <summary>The prices that one call pays for its tokens: the right list of its time, length and class of service, with all factors.</summary>
internal sealed class TokenRates
{
    private readonly TokenPrices _prices;
    private readonly decimal _factor;

    private TokenRates(TokenPrices prices, decimal factor, string basis)
    {
        _prices = prices;
        _factor = factor;
        Basis = basis;
    }

    /// <summary>In words, which prices these are.</summary>
    public string Basis { get; }

    /// <summary>USD per million tokens; null where unknown.</summary>
    public decimal? this[TokenKind kind] => _prices[kind] * _factor;

    public static TokenRates? Choose(PriceList list, PricePeriod period, long totalInput, CostQuery query, out string? fault)
    {
        fault = null;
        var (prices, basis) = Base(period, totalInput, query.At);
        if (list.IsFlat) return new TokenRates(prices, 1m, basis);
        decimal factor = 1m;
        if (ServiceTiers.Name(query.ServiceTier) is { } name)
        {
            if (!list.Tiers.TryGetValue(name, out var tier))
            {
                fault = $"no price is known for the service tier {name}";
                return null;
            }
            prices = tier.Tokens ?? prices;
            if (tier.Tokens is null) factor = tier.Factor;
            if (tier.NoCacheDiscount) prices = prices.WithoutCacheDiscount();
            basis += $", {name}";
        }
        foreach (var (what, value) in query.Modifiers)
        {
            if (ServiceTiers.IsUsual(value)) continue;
            string modifier = $"{what}={value}".ToLowerInvariant();
            if (!list.Factors.TryGetValue(modifier, out decimal times))
            {
                fault = $"no price is known for {modifier}";
                return null;
            }
            factor *= times;
            basis += $", {modifier}";
        }
        return new TokenRates(prices, factor, basis);
    }

    private static (TokenPrices Prices, string Basis) Base(PricePeriod period, long totalInput, DateTimeOffset at)
    {
        for (int i = period.Long.Count - 1; i >= 0; i--)
        {
            if (totalInput >= period.Long[i].FromInput) return (period.Long[i].Tokens, $"long context from {period.Long[i].FromInput}");
        }
        foreach (var hours in period.Hours)
        {
            if (hours.Holds(at)) return (hours.Tokens, $"hours {hours.From:HH\\:mm}-{hours.Until:HH\\:mm} UTC");
        }
        return (period.Tokens, "base");
    }
}

/// <summary>The names of classes of service.</summary>
internal static class ServiceTiers
{
    /// <summary>The name under which a price is kept; <see langword="null"/> for the usual class.</summary>
    public static string? Name(string? tier) => IsUsual(tier) ? null : tier!.ToLowerInvariant() switch
    {
        "fast" => "priority", // OpenAI's newer name for it
        var name => name,
    };

    /// <summary>True for a value that changes no price.</summary>
    public static bool IsUsual(string? value) => string.IsNullOrEmpty(value)
        || value.ToLowerInvariant() is "default" or "standard" or "auto" or "on_demand" or "standard_only" or "global" or "not_available" or "none" or "service_tier_unspecified";
}
