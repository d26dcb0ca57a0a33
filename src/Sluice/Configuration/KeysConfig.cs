namespace Sluice.Configuration;

/// <summary>Virtual keys (<c>keys</c>). The keys themselves are made with <c>sluice keys create</c> or the administration API.</summary>
public sealed record KeysConfig
{
    /// <summary>Whether a client needs one. Default: false where the server listens on loopback only, else true.</summary>
    public bool Required { get; init; }

    /// <summary>The secret with which keys are hashed in the store; null means one that the store makes for itself.</summary>
    public Secret? Pepper { get; init; }

    /// <summary>
    /// What happens to a call that names something kept at a provider (a response, a conversation, an item, a container) of which this gateway does not know
    /// who made it. Default: refuse where keys are required, else allow.
    /// </summary>
    public UnknownStatePolicy UnknownState { get; init; } = UnknownStatePolicy.Allow;

    /// <summary>The groups that keys may belong to, by name.</summary>
    public IReadOnlyDictionary<string, KeyGroupConfig> Groups { get; init; } = Empty<KeyGroupConfig>.Map;
}

/// <summary>What happens to calls that name state of unknown owner (<c>keys.unknown_state</c>).</summary>
public enum UnknownStatePolicy
{
    /// <summary>They get status 404, as if it were not there.</summary>
    Refuse,

    /// <summary>They go on; the provider knows whether it is there.</summary>
    Allow,
}

/// <summary>A group of keys: a team, a project (<c>keys.groups.NAME</c>). What is null or empty is unrestricted; a parent's rules hold besides.</summary>
public sealed record KeyGroupConfig
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The group above it.</summary>
    public string? Parent { get; init; }

    /// <summary>Model ids or routes that may be used, patterns with <c>*</c>.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Providers that may be used.</summary>
    public IReadOnlyList<string>? Providers { get; init; }

    /// <summary>Rates of all its keys together.</summary>
    public LimitsConfig Limits { get; init; } = LimitsConfig.None;

    /// <summary>The budget of all its keys together.</summary>
    public BudgetConfig Budget { get; init; } = BudgetConfig.None;
}
