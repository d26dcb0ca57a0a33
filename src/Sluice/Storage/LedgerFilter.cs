namespace Sluice.Storage;

/// <summary>Which entries of the ledger; what is <see langword="null"/> is not asked for.</summary>
public sealed record LedgerFilter
{
    /// <summary>Began at or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Began before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The provider.</summary>
    public string? Provider { get; init; }

    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>The id or the name of the key.</summary>
    public string? Key { get; init; }

    /// <summary>The group, at any height.</summary>
    public string? Group { get; init; }

    /// <summary>The route.</summary>
    public string? Route { get; init; }

    /// <summary>A label that must be there, with this value.</summary>
    public KeyValuePair<string, string>? Label { get; init; }
}
