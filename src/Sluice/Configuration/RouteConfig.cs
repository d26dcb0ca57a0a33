using System.Text.Json;

namespace Sluice.Configuration;

/// <summary>A name that clients ask for and that stands for targets (<c>models.NAME</c>).</summary>
public sealed record RouteConfig
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>How a target is chosen. Default <see cref="RouteStrategy.Fallback"/>.</summary>
    public RouteStrategy Strategy { get; init; }

    /// <summary>The targets in the order written, those that are not enabled included.</summary>
    public IReadOnlyList<TargetConfig> Targets { get; init; } = [];

    /// <summary>Text for the model list.</summary>
    public string? Description { get; init; }

    /// <summary>Whether the route is offered. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Whether Sluice chooses among the targets; false means that only the first is tried unless the client lists its own. Default true.</summary>
    public bool Auto { get; init; } = true;

    /// <summary>Timeouts of the call; <see cref="TimeoutsConfig.Total"/> bounds all its attempts.</summary>
    public TimeoutsConfig Timeouts { get; init; } = TimeoutsConfig.Default;

    /// <summary>Rates of all calls by this route.</summary>
    public LimitsConfig Limits { get; init; } = LimitsConfig.None;

    /// <summary>Its budget.</summary>
    public BudgetConfig Budget { get; init; } = BudgetConfig.None;

    /// <summary>What sticks a caller to a target; null means nothing (for <see cref="RouteStrategy.Sticky"/>: the user).</summary>
    public StickyKey? StickyBy { get; init; }

    /// <summary>A second target that is started when the first is slow; null means none.</summary>
    public HedgeConfig? Hedge { get; init; }

    /// <summary>A target that gets a copy of calls and whose answer is ignored; null means none.</summary>
    public ShareConfig? Shadow { get; init; }

    /// <summary>A target that serves a part of the calls; null means none.</summary>
    public ShareConfig? Canary { get; init; }

    /// <summary>Whether a break in mid-stream is continued by the next target. Default false.</summary>
    public bool Continue { get; init; }

    /// <summary>Whether a call over a limit waits; null means as the provider of the limit says, or the defaults.</summary>
    public bool? Wait { get; init; }

    /// <summary>Whether a field that the target cannot express refuses the call.</summary>
    public bool Strict { get; init; }

    /// <summary>What happens upstream when the client goes away; null means as the target's provider says.</summary>
    public DisconnectPolicy? OnDisconnect { get; init; }


    /// <summary>Request parameters used where the client gives none; already in each target's.</summary>
    public IReadOnlyDictionary<string, JsonElement> Params { get; init; } = Empty<JsonElement>.Map;
}

/// <summary>How a route chooses (<c>strategy</c>).</summary>
public enum RouteStrategy
{
    /// <summary>In the order written, the next where one fails.</summary>
    Fallback,

    /// <summary>By weight.</summary>
    Weighted,

    /// <summary>Each in turn.</summary>
    RoundRobin,

    /// <summary>The one whose first token comes soonest.</summary>
    LeastLatency,

    /// <summary>The one with the fewest calls under way.</summary>
    LeastBusy,

    /// <summary>The one that this request costs least at.</summary>
    Cheapest,

    /// <summary>The same one for the same <see cref="RouteConfig.StickyBy"/>.</summary>
    Sticky,

    /// <summary>The first whose <see cref="TargetConfig.When"/> holds.</summary>
    Conditional,
}

/// <summary>What sticks a caller to a target (<c>sticky</c>).</summary>
public enum StickyKey
{
    /// <summary>The user that the request names, else the key.</summary>
    User,

    /// <summary>The session header <c>x-sluice-session</c>.</summary>
    Session,

    /// <summary>The beginning of the prompt, so that the provider's cache hits.</summary>
    Prefix,
}
