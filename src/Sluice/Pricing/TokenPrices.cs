namespace Sluice.Pricing;

/// <summary>Prices in USD per million tokens, by kind. A kind without a price of its own costs what a wider kind costs. Immutable.</summary>
public sealed class TokenPrices
{
    private readonly decimal?[] _own = new decimal?[TokenKinds.Names.Count];

    /// <summary>Makes a list from the prices that are given.</summary>
    public TokenPrices(IEnumerable<KeyValuePair<TokenKind, decimal>> prices)
    {
        ArgumentNullException.ThrowIfNull(prices);
        foreach (var (kind, price) in prices) _own[(int)kind] = price;
    }

    /// <summary>A list without any price.</summary>
    public static TokenPrices None { get; } = new([]);

    /// <summary>True when no kind has a price.</summary>
    public bool IsEmpty => Array.TrueForAll(_own, p => p is null);

    /// <summary>The price of a kind, its own or that of the kind it falls back to; <see langword="null"/> where it is unknown.</summary>
    public decimal? this[TokenKind kind] => Own(kind) ?? kind switch
    {
        TokenKind.Input or TokenKind.Output => null,
        TokenKind.CacheWrite1h => this[TokenKind.CacheWrite],
        // A picture or sound from the cache costs at most what it would have cost without one, not what cached text costs.
        TokenKind.CacheReadAudio => Own(TokenKind.InputAudio) ?? this[TokenKind.CacheRead],
        TokenKind.CacheReadImage => Own(TokenKind.InputImage) ?? this[TokenKind.CacheRead],
        < TokenKind.Output => this[TokenKind.Input],
        _ => this[TokenKind.Output],
    };

    /// <summary>The price that the list itself gives for a kind.</summary>
    public decimal? Own(TokenKind kind) => _own[(int)kind];

    /// <summary>The same prices, with cached input at the price of input that is not cached.</summary>
    public TokenPrices WithoutCacheDiscount() =>
        new(Listed().Where(p => p.Key is not (TokenKind.CacheRead or TokenKind.CacheReadAudio or TokenKind.CacheReadImage)));

    /// <summary>The prices that the list itself gives.</summary>
    public IEnumerable<KeyValuePair<TokenKind, decimal>> Listed()
    {
        for (int i = 0; i < _own.Length; i++)
        {
            if (_own[i] is { } price) yield return new((TokenKind)i, price);
        }
    }
}
