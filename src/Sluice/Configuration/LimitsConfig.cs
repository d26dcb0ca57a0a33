namespace Sluice.Configuration;

/// <summary>Rates that calls are held to (<c>limits</c>); null means unlimited.</summary>
public sealed record LimitsConfig
{
    /// <summary>No limit at all.</summary>
    public static LimitsConfig None { get; } = new();

    /// <summary>Requests per minute.</summary>
    public int? Rpm { get; init; }

    /// <summary>Tokens per minute, input and output together.</summary>
    public long? Tpm { get; init; }

    /// <summary>Calls under way at once.</summary>
    public int? Concurrency { get; init; }

    /// <summary>How much of a minute's rate may be used in one go, above 0 to 1. Default 1: the whole minute's.</summary>
    public double Burst { get; init; } = 1;

    /// <summary>How many calls may wait for room where the route says <c>wait</c>. Default 100.</summary>
    public int Queue { get; init; } = 100;

    /// <summary>Whether nothing is limited.</summary>
    public bool IsEmpty => Rpm is null && Tpm is null && Concurrency is null;
}
