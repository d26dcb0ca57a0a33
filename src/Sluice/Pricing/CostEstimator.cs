using Sluice.Configuration;

namespace Sluice.Pricing;

/// <summary>Bounds the cost of a call before it is made, so that a budget can set it aside.</summary>
public static class CostEstimator
{
    /// <summary>The most that a call can cost; <see langword="null"/> where a price or a fee is unknown. What hosted tools find and hand to the model as input is not in it: nobody knows its length before.</summary>
    /// <param name="prices">The model's prices; null where the model is not known.</param>
    /// <param name="call">What is known of the call.</param>
    /// <param name="query">When, and what else the price depends on.</param>
    public static decimal? Most(PriceList? prices, CallBounds call, CostQuery query)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(query);
        if (prices?.At(query.At) is not { } period) return null;
        if (TokenRates.Choose(prices, period, call.InputTokens, query, out _) is not { } rates) return null;
        // A token in is paid at the dearest rate at which it could be counted; so is a token out.
        decimal? input = Dearest(
            rates,
            [TokenKind.Input, call.MayWriteCache ? TokenKind.CacheWrite : TokenKind.Input, call.MayWriteLongCache ? TokenKind.CacheWrite1h : TokenKind.Input, call.MayHoldAudio ? TokenKind.InputAudio : TokenKind.Input]);
        decimal? output = Dearest(rates, call.MayAnswerInMedia ? [TokenKind.Output, TokenKind.Reasoning, TokenKind.OutputImage, TokenKind.OutputAudio] : [TokenKind.Output, TokenKind.Reasoning]);
        if ((input is null && call.InputTokens > 0) || (output is null && call.MaxOutputTokens > 0)) return null;
        if (Fees(period, call, query) is not { } fees) return null;
        return ((call.InputTokens * (input ?? 0m)) + (call.MaxOutputTokens * (output ?? 0m))) / 1_000_000m + fees;
    }

    private static decimal? Fees(PricePeriod period, CallBounds call, CostQuery query)
    {
        decimal perThousand = period.Calls.TryGetValue("request", out var request) ? request.Of(query.SearchContextSize ?? "high") ?? 0m : 0m;
        foreach (var (tool, count) in call.ToolCalls ?? Empty<long>.Map)
        {
            if (!period.Calls.TryGetValue(tool, out var price) || price.Of(query.SearchContextSize ?? "high") is not { } fee) return null;
            perThousand += (price.IsOncePerPrompt ? 1 : count) * fee;
        }
        return perThousand / 1000m;
    }

    private static decimal? Dearest(TokenRates rates, ReadOnlySpan<TokenKind> kinds)
    {
        decimal? most = null;
        foreach (var kind in kinds)
        {
            if (rates[kind] is not { } price) return null;
            if (most is null || price > most) most = price;
        }
        return most;
    }
}

/// <summary>What is known of a call before it is made.</summary>
/// <param name="InputTokens">The input, estimated.</param>
/// <param name="MaxOutputTokens">The most output: what the request allows, else what the model can give.</param>
public sealed record CallBounds(long InputTokens, long MaxOutputTokens)
{
    /// <summary>The provider may write the prompt to its cache, by itself or because the request says so. Default true.</summary>
    public bool MayWriteCache { get; init; } = true;

    /// <summary>The request asks for a prompt cache of an hour.</summary>
    public bool MayWriteLongCache { get; init; }

    /// <summary>The request holds sound.</summary>
    public bool MayHoldAudio { get; init; }

    /// <summary>The answer may hold sound or pictures.</summary>
    public bool MayAnswerInMedia { get; init; }

    /// <summary>The most calls of hosted tools, by the name of their fee; null for none.</summary>
    public IReadOnlyDictionary<string, long>? ToolCalls { get; init; }
}
