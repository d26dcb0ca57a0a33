using Sluice.Configuration;

namespace Sluice.Pricing;

/// <summary>What the price of a call depends on besides its usage.</summary>
public sealed record CostQuery
{
    /// <summary>When the call was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The class of service as the answer (or else the request) names it; null for the usual one.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Other things that change the price, by name: <c>speed</c>, <c>inference_geo</c>, <c>region</c>.</summary>
    public IReadOnlyDictionary<string, string> Modifiers { get; init; } = Empty<string>.Map;

    /// <summary>How much was searched: <c>low</c>, <c>medium</c>, <c>high</c>; null where not told.</summary>
    public string? SearchContextSize { get; init; }
}
