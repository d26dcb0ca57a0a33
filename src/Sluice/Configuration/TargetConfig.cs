using System.Text.Json;

namespace Sluice.Configuration;

/// <summary>One target of a route. Its own settings win over the route's, those over the provider's, those over the defaults.</summary>
public sealed record TargetConfig
{
    /// <summary>What was written: <c>provider/model</c>, or the name of a route.</summary>
    public required string Model { get; init; }

    /// <summary>The provider's name; null where the target is a route.</summary>
    public string? Provider { get; init; }

    /// <summary>The model's name at the provider; null where the target is a route.</summary>
    public string? ModelName { get; init; }

    /// <summary>The route's name; null where the target is a model.</summary>
    public string? Route { get; init; }

    /// <summary>Whether it is used. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Its share under <see cref="RouteStrategy.Weighted"/>. Default 1.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>When it may be chosen; null means always.</summary>
    public ConditionConfig? When { get; init; }

    /// <summary>Timeouts; <see cref="TimeoutsConfig.Total"/> is that of one attempt.</summary>
    public TimeoutsConfig Timeouts { get; init; } = TimeoutsConfig.Default;

    /// <summary>When and how often an attempt is repeated.</summary>
    public RetryConfig Retry { get; init; } = RetryConfig.Default;

    /// <summary>When it rests.</summary>
    public BreakerConfig Breaker { get; init; } = BreakerConfig.Default;

    /// <summary>Rates of this target alone; the provider's hold besides.</summary>
    public LimitsConfig Limits { get; init; } = LimitsConfig.None;

    /// <summary>Request parameters used where the client gives none.</summary>
    public IReadOnlyDictionary<string, JsonElement> Params { get; init; } = Empty<JsonElement>.Map;

    /// <summary>Members merged into every body, in the upstream's own format.</summary>
    public IReadOnlyDictionary<string, JsonElement> ProviderSpecific { get; init; } = Empty<JsonElement>.Map;

    /// <summary>Rules for headers sent upstream.</summary>
    public HeaderRulesConfig Headers { get; init; } = HeaderRulesConfig.None;

    /// <summary>Rules for headers sent back.</summary>
    public HeaderRulesConfig ResponseHeaders { get; init; } = HeaderRulesConfig.None;

    /// <summary>A price; null means the catalogue's.</summary>
    public PriceConfig? Price { get; init; }

    /// <summary>What a budget does with a model of unknown price.</summary>
    public UnknownPricePolicy UnknownPrice { get; init; }

    /// <summary>Whether a field that it cannot express refuses the call.</summary>
    public bool Strict { get; init; }
}

/// <summary>When a target may be chosen (<c>when</c>); every part that is written must hold.</summary>
public sealed record ConditionConfig
{
    /// <summary>Names of keys, patterns with <c>*</c>; null means any.</summary>
    public IReadOnlyList<string>? Keys { get; init; }

    /// <summary>Headers of the client and the value each must have; <c>*</c> stands for any.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = Empty<string>.Map;

    /// <summary>The least estimated input tokens.</summary>
    public long? MinTokens { get; init; }

    /// <summary>The most estimated input tokens.</summary>
    public long? MaxTokens { get; init; }

    /// <summary>Capabilities that the request needs: <c>vision</c>, <c>audio</c>, <c>documents</c>, <c>tools</c>, <c>schema</c>, <c>reasoning</c>.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];
}

/// <summary>A second attempt that is started while the first has not answered (<c>hedge</c>).</summary>
public sealed record HedgeConfig
{
    /// <summary>The delay; null where <see cref="AfterPercentile"/> gives it.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>The percentile of the target's own time to first token after which the second starts, e.g. 95.</summary>
    public double? AfterPercentile { get; init; }

    /// <summary>The largest share of calls that may be hedged, 0 to 1. Default 0.1.</summary>
    public double MaxShare { get; init; } = 0.1;

    /// <summary>The largest share of the route's spending that hedges may make up, 0 to 1. Default 0.1.</summary>
    public double MaxSpend { get; init; } = 0.1;
}

/// <summary>A target that gets a share of a route's calls (<c>shadow</c>, <c>canary</c>).</summary>
public sealed record ShareConfig
{
    /// <summary>The target.</summary>
    public required TargetConfig Target { get; init; }

    /// <summary>Its share of the calls in percent, 0 to 100.</summary>
    public required double Percent { get; init; }
}
