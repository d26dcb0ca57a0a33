namespace Sluice.Configuration;

/// <summary>Caps in USD (<c>budget</c>); null means none.</summary>
public sealed record BudgetConfig
{
    /// <summary>No cap at all.</summary>
    public static BudgetConfig None { get; } = new();

    /// <summary>USD per day.</summary>
    public decimal? Daily { get; init; }

    /// <summary>USD per week, from Monday.</summary>
    public decimal? Weekly { get; init; }

    /// <summary>USD per month.</summary>
    public decimal? Monthly { get; init; }

    /// <summary>USD in all, never reset.</summary>
    public decimal? Total { get; init; }

    /// <summary>The IANA time zone in which days turn. Default <c>UTC</c>.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The share of a cap at which a warning is given, above 0 to 1. Default 0.8.</summary>
    public double Warn { get; init; } = 0.8;

    /// <summary>An absolute address that gets a POST when a threshold is crossed; null means none. A secret: whoever knows it may post there.</summary>
    public Secret? Webhook { get; init; }

    /// <summary>Whether nothing is capped.</summary>
    public bool IsEmpty => Daily is null && Weekly is null && Monthly is null && Total is null;
}

/// <summary>A price in USD per million tokens (<c>price</c>); it wins over the catalogue. Null means: not stated.</summary>
public sealed record PriceConfig
{
    /// <summary>Input tokens that no cache served.</summary>
    public required decimal Input { get; init; }

    /// <summary>Output tokens.</summary>
    public required decimal Output { get; init; }

    /// <summary>Input tokens read from the provider's prompt cache.</summary>
    public decimal? CacheRead { get; init; }

    /// <summary>Input tokens written to the prompt cache for five minutes.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>Input tokens written to the prompt cache for an hour.</summary>
    public decimal? CacheWrite1h { get; init; }

    /// <summary>Reasoning tokens, where they cost otherwise than output.</summary>
    public decimal? Reasoning { get; init; }

    /// <summary>Audio tokens in.</summary>
    public decimal? AudioInput { get; init; }

    /// <summary>Audio tokens out.</summary>
    public decimal? AudioOutput { get; init; }

    /// <summary>USD for each call.</summary>
    public decimal? PerCall { get; init; }
}
