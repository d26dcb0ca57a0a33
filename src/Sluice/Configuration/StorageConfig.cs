namespace Sluice.Configuration;

/// <summary>Where the ledger, the keys and the audit log are kept (<c>storage</c>).</summary>
public sealed record StorageConfig
{
    /// <summary>The path of the SQLite file, absolute. Default <c>sluice.db</c> beside the configuration file, else in the working directory.</summary>
    public string Sqlite { get; init; } = "./sluice.db";

    /// <summary>What happens to calls while the store does not answer. Default <see cref="StorageFailurePolicy.Refuse"/>.</summary>
    public StorageFailurePolicy OnFailure { get; init; } = StorageFailurePolicy.Refuse;

    /// <summary>How long ledger rows are kept; null (the default) means for ever.</summary>
    public TimeSpan? Retention { get; init; }
}

/// <summary>What happens to calls while the store does not answer.</summary>
public enum StorageFailurePolicy
{
    /// <summary>Calls get status 503: nothing goes unrecorded.</summary>
    Refuse,

    /// <summary>Calls go on and are recorded when the store is back, as far as memory holds them.</summary>
    Allow,
}
