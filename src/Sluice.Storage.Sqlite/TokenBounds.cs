using Sluice.Chat;

namespace Sluice.Storage.Sqlite;

/// <summary>What a count of tokens may be in the tables, whichever version or gateway read it.</summary>
internal static class TokenBounds
{
    /// <summary><see cref="Usage.MostTokens"/> in SQL.</summary>
    public const string MostText = "1000000000";

    /// <summary>A count within its bounds.</summary>
    public static long? Of(long? tokens) => tokens is { } count ? Math.Clamp(count, 0, Usage.MostTokens) : null;
}
