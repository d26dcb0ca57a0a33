namespace Sluice.Storage;

/// <summary>What is to be added up.</summary>
/// <param name="Filter">Which entries.</param>
/// <param name="By">By what they are grouped; <see langword="null"/> for the total alone.</param>
public sealed record SpendQuery(LedgerFilter Filter, SpendBy? By)
{
    /// <summary>The label whose values are the groups, where <see cref="By"/> is <see cref="SpendBy.Label"/>.</summary>
    public string? LabelName { get; init; }

    /// <summary>The time zone in which days and hours turn. Default UTC.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The most groups that are given, those that cost most first; the total holds all.</summary>
    public int MostGroups { get; init; } = 10_000;
}

/// <summary>By what spending is grouped.</summary>
public enum SpendBy
{
    /// <summary>The provider.</summary>
    Provider,

    /// <summary><c>provider/model</c>.</summary>
    Model,

    /// <summary>The key's name.</summary>
    Key,

    /// <summary>The key's nearest group.</summary>
    Group,

    /// <summary>The route.</summary>
    Route,

    /// <summary>The value of a label.</summary>
    Label,

    /// <summary>The day, <c>2026-11-21</c>.</summary>
    Day,

    /// <summary>The hour, <c>2026-11-21T14</c>.</summary>
    Hour,
}

/// <summary>What was spent.</summary>
/// <param name="Total">All of it.</param>
/// <param name="Groups">By group.</param>
public sealed record SpendReport(SpendSum Total, IReadOnlyList<SpendGroup> Groups);

/// <summary>The sum of a group.</summary>
/// <param name="Key">The group's value; empty where the entries have none.</param>
/// <param name="Sum">The sum.</param>
public sealed record SpendGroup(string Key, SpendSum Sum);

/// <summary>A sum over entries.</summary>
/// <param name="Calls">How many.</param>
/// <param name="InputTokens">Tokens in.</param>
/// <param name="OutputTokens">Tokens out.</param>
/// <param name="CostUsd">USD of those whose cost is known.</param>
/// <param name="UnknownCosts">How many have an unknown cost.</param>
public sealed record SpendSum(long Calls, long InputTokens, long OutputTokens, decimal CostUsd, long UnknownCosts);
