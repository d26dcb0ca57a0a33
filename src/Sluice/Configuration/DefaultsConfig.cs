using System.Text.Json;

namespace Sluice.Configuration;

/// <summary>What every provider and route inherits (<c>defaults</c>).</summary>
public sealed record DefaultsConfig
{
    /// <summary>Timeouts of a call and of each attempt.</summary>
    public TimeoutsConfig Timeouts { get; init; } = TimeoutsConfig.Default;

    /// <summary>When and how often an attempt is repeated.</summary>
    public RetryConfig Retry { get; init; } = RetryConfig.Default;

    /// <summary>When a target rests.</summary>
    public BreakerConfig Breaker { get; init; } = BreakerConfig.Default;

    /// <summary>Rates that each provider inherits.</summary>
    public LimitsConfig Limits { get; init; } = LimitsConfig.None;

    /// <summary>Request parameters used where the client gives none, by their neutral names. Default: none.</summary>
    public IReadOnlyDictionary<string, JsonElement> Params { get; init; } = Empty<JsonElement>.Map;

    /// <summary>Rules for headers sent upstream.</summary>
    public HeaderRulesConfig Headers { get; init; } = HeaderRulesConfig.None;

    /// <summary>Rules for headers sent back to the client.</summary>
    public HeaderRulesConfig ResponseHeaders { get; init; } = HeaderRulesConfig.None;

    /// <summary>Whether a field that the target cannot express refuses the call with status 400. Default false.</summary>
    public bool Strict { get; init; }

    /// <summary>What happens upstream when the client goes away. Default <see cref="DisconnectPolicy.Cancel"/>.</summary>
    public DisconnectPolicy OnDisconnect { get; init; }

    /// <summary>Whether a call over a limit waits for room, within its deadline, instead of getting status 429 at once. Default false.</summary>
    public bool Wait { get; init; }

    /// <summary>Whether a capped key or provider may use a model without a known price. Default <see cref="UnknownPricePolicy.Refuse"/>.</summary>
    public UnknownPricePolicy UnknownPrice { get; init; }
}

/// <summary>What happens upstream when the client goes away.</summary>
public enum DisconnectPolicy
{
    /// <summary>The upstream call is cancelled at once; what was used until then is settled.</summary>
    Cancel,

    /// <summary>The answer is read to its end, so that usage is exact and a cache may keep it.</summary>
    Finish,
}

/// <summary>What a budget does with a model whose price nobody knows.</summary>
public enum UnknownPricePolicy
{
    /// <summary>A call under a budget is refused: its cost could not be held to the cap.</summary>
    Refuse,

    /// <summary>The call goes through, and its cost is recorded as unknown.</summary>
    Allow,
}

/// <summary>Which providers and models may be used at all (<c>allow</c>).</summary>
public sealed record AllowConfig
{
    /// <summary>Names of providers; null (the default) means all.</summary>
    public IReadOnlyList<string>? Providers { get; init; }

    /// <summary>Model ids or patterns with <c>*</c>; null (the default) means all.</summary>
    public IReadOnlyList<string>? Models { get; init; }
}
