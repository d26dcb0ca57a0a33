namespace Sluice.Storage.Sqlite;

/// <summary>USD as whole numbers of 10⁻¹² USD: exact for every price of up to six decimals a million tokens, and sums stay exact.</summary>
internal static class Pico
{
    private const decimal Unit = 1_000_000_000_000m;

    /// <summary>The number that is kept.</summary>
    /// <exception cref="OverflowException">More than nine million USD.</exception>
    public static long Of(decimal usd) => decimal.ToInt64(decimal.Round(usd * Unit, MidpointRounding.AwayFromZero));

    /// <summary>The number that is kept, rounded up: what is reserved must be enough.</summary>
    public static long Ceiling(decimal usd) => decimal.ToInt64(decimal.Ceiling(usd * Unit));

    /// <summary>Whether an amount can be kept.</summary>
    public static bool Holds(decimal? usd) => usd is null or (> -9_000_000m and < 9_000_000m);

    /// <summary>USD.</summary>
    public static decimal ToUsd(long pico) => pico / Unit;

    /// <summary>USD of a sum that was taken in two halves, so that it cannot overflow.</summary>
    public static decimal ToUsd(long millions, long rest) => ((millions * 1_000_000m) + rest) / Unit;
}
