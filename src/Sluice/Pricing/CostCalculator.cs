using Sluice.Chat;

namespace Sluice.Pricing;

/// <summary>Prices usage: exact decimal arithmetic without rounding; what is not known stays unknown.</summary>
public static class CostCalculator
{
    private const int Million = 1_000_000;
    private const int Thousand = 1_000;

    /// <summary>What a call cost.</summary>
    /// <param name="prices">The model's prices; null where the model is not known.</param>
    /// <param name="usage">What it used.</param>
    /// <param name="query">When, and what else the price depends on.</param>
    public static Cost Calculate(PriceList? prices, Usage usage, CostQuery query)
    {
        ArgumentNullException.ThrowIfNull(usage);
        ArgumentNullException.ThrowIfNull(query);
        if (prices is null) return Cost.NotKnown("the catalogue does not know this model");
        if (prices.At(query.At) is not { } period) return Cost.NotKnown("no price is known for this model at this time");
        if (usage is { InputTokens: null, OutputTokens: null, ToolCalls: null or { Count: 0 } }) return Cost.NotKnown("the provider reported no usage");

        var counts = TokenCounts.Of(usage);
        var rates = TokenRates.Choose(prices, period, counts.TotalInput, query, out string? fault);
        if (rates is null) return Cost.NotKnown(fault!) with { Origin = prices.Origin };

        var lines = new List<CostLine>();
        string? missing = AddTokens(lines, counts, rates) ?? AddCalls(lines, usage, period, query);
        return new Cost
        {
            Usd = missing is null ? lines.Sum(l => l.Usd) : null,
            Unknown = missing,
            Lines = lines,
            Basis = rates.Basis,
            Origin = prices.Origin,
        };
    }

    private static string? AddTokens(List<CostLine> lines, TokenCounts counts, TokenRates rates)
    {
        for (var kind = TokenKind.Input; kind <= TokenKind.OutputVideo; kind++)
        {
            if (counts[kind] == 0) continue;
            if (rates[kind] is not { } price) return $"no price is known for {kind.Name()} tokens";
            lines.Add(new CostLine(kind.Name(), counts[kind], price, Million));
        }
        return null;
    }

    private static string? AddCalls(List<CostLine> lines, Usage usage, PricePeriod period, CostQuery query)
    {
        if (period.Calls.TryGetValue("request", out var perRequest))
        {
            if (perRequest.Of(query.SearchContextSize) is not { } fee) return $"no fee is known for a search context of size {query.SearchContextSize}";
            lines.Add(new CostLine("request", 1, fee, Thousand));
        }
        foreach (var (reported, count) in usage.ToolCalls ?? new Dictionary<string, long>())
        {
            if (count == 0 || ToolFees.Name(reported) is not { } tool) continue;
            if (!period.Calls.TryGetValue(tool, out var price) || price.Of(query.SearchContextSize) is not { } fee) return $"no fee is known for {tool}";
            lines.Add(new CostLine(tool, price.IsOncePerPrompt ? 1 : count, fee, Thousand));
        }
        return null;
    }
}
