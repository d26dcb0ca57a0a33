namespace Sluice.Storage.Sqlite;

/// <summary>
/// USD as whole numbers of 10⁻¹² USD: exact for every price of up to six decimals a million tokens. One number holds an amount of nine million USD; sums are
/// kept and taken in two parts, whole millionths of a USD and the rest, and have no such bound.
/// </summary>
internal static class Pico
{
    /// <summary>How many make a millionth of a USD.</summary>
    public const long OfMicro = 1_000_000;

    private const decimal Unit = 1_000_000_000_000m;
    private const decimal Most = 9_000_000m;

    /// <summary>The number that is kept.</summary>
    /// <exception cref="OverflowException">More than nine million USD.</exception>
    public static long Of(decimal usd) => decimal.ToInt64(decimal.Round(usd * Unit, MidpointRounding.AwayFromZero));

    /// <summary>The number that is kept, rounded up: what is reserved must be enough.</summary>
    public static long Ceiling(decimal usd) => decimal.ToInt64(decimal.Ceiling(Math.Min(usd, Most) * Unit));

    /// <summary>Whether an amount can be kept.</summary>
    public static bool Holds(decimal? usd) => usd is null or (> -Most and < Most);

    /// <summary>USD.</summary>
    public static decimal ToUsd(long pico) => pico / Unit;

    /// <summary>USD of a sum in two parts: whole millionths, and the rest.</summary>
    public static decimal ToUsd(long micros, long rest) => (((decimal)micros * OfMicro) + rest) / Unit;
}
