namespace Sluice.Configuration;

/// <summary>
/// Everything that the user configured, with every default and every inherited setting filled in. Immutable: a reload makes a new one.
/// </summary>
public sealed record SluiceConfig
{
    /// <summary>The configuration of a gateway for which nothing was written.</summary>
    public static SluiceConfig Default { get; } = new();

    /// <summary>How the gateway listens and what it accepts.</summary>
    public ServerConfig Server { get; init; } = new();

    /// <summary>The administration API.</summary>
    public AdminConfig Admin { get; init; } = new();

    /// <summary>Where the ledger and the keys are kept.</summary>
    public StorageConfig Storage { get; init; } = new();

    /// <summary>What providers and routes inherit. Already merged into them; kept for display and for providers made later.</summary>
    public DefaultsConfig Defaults { get; init; } = new();

    /// <summary>Which providers and models may be used at all.</summary>
    public AllowConfig Allow { get; init; } = new();

    /// <summary>The upstreams by name, in the order they were written.</summary>
    public IReadOnlyDictionary<string, ProviderConfig> Providers { get; init; } = Empty<ProviderConfig>.Map;

    /// <summary>The routes by name (the key <c>models</c> of the file), in the order they were written.</summary>
    public IReadOnlyDictionary<string, RouteConfig> Routes { get; init; } = Empty<RouteConfig>.Map;

    /// <summary>Rules that change requests and responses, in the order they apply.</summary>
    public IReadOnlyList<TransformConfig> Transforms { get; init; } = [];

    /// <summary>Whether clients need a virtual key, and the groups that keys belong to.</summary>
    public KeysConfig Keys { get; init; } = new();

    /// <summary>The budget of the whole gateway.</summary>
    public BudgetConfig Budgets { get; init; } = BudgetConfig.None;

    /// <summary>What may be answered again without asking a provider.</summary>
    public CacheConfig Cache { get; init; } = new();

    /// <summary>The catalogue of models and prices.</summary>
    public CatalogConfig Catalog { get; init; } = new();

    /// <summary>What is logged.</summary>
    public LoggingConfig Logging { get; init; } = new();

    /// <summary>Where traces and metrics go.</summary>
    public TelemetryConfig Telemetry { get; init; } = new();
}
