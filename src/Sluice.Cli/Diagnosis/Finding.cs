namespace Sluice.Cli.Diagnosis;

/// <summary>What was found out about one provider with one key.</summary>
internal sealed record Finding
{
    public required string Provider { get; init; }

    /// <summary>The vendor's name for people.</summary>
    public required string Vendor { get; init; }

    /// <summary>The key's name, never the key; null where there is none or one only.</summary>
    public string? KeyName { get; init; }

    /// <summary>The server answered.</summary>
    public required bool Reachable { get; init; }

    /// <summary>About the key.</summary>
    public required KeyState Key { get; init; }

    /// <summary>How many models it lists; null where it was not asked or did not say.</summary>
    public int? Models { get; init; }

    /// <summary>How long the model list took over an open connection, or the first answer where there was no list; null where none came.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>How far this machine's clock is ahead of the server's, to a second; null where the server does not say.</summary>
    public TimeSpan? ClockAhead { get; init; }

    /// <summary>What is wrong; null where nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>What to do, a sentence each.</summary>
    public IReadOnlyList<string> Remedies { get; init; } = [];

    /// <summary>What works and should be looked at.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>In a word.</summary>
    public string State => !Reachable ? "unreachable" : Key is KeyState.Refused or KeyState.Missing ? "key refused" : Problem is not null ? "failing" : "ok";
}

/// <summary>What is known of a key.</summary>
internal enum KeyState
{
    /// <summary>It was taken where a call without it is refused.</summary>
    Good,

    /// <summary>It was refused.</summary>
    Refused,

    /// <summary>There is none and one is asked for.</summary>
    Missing,

    /// <summary>None is asked for.</summary>
    NotNeeded,

    /// <summary>The server answers without one too, or was not reached.</summary>
    Unknown,
}
