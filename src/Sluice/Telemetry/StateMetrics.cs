using System.Diagnostics.Metrics;
using Sluice.Resilience;
using Sluice.Resilience.Keys;
using Sluice.Routing;

namespace Sluice.Telemetry;

/// <summary>
/// Gauges of what keeps calls back: breakers that are not closed, keys by condition, calls that queue for room under a limit. Read when somebody asks; no
/// call pays for them. Only models that the configuration names are labels.
/// </summary>
public static class StateMetrics
{
    private const string Provider = "gen_ai.provider.name";

    // All are told each time: a gauge keeps what it was told last.
    private static readonly (KeyCondition Of, string Name)[] Conditions = [(KeyCondition.Good, "good"), (KeyCondition.Resting, "resting"), (KeyCondition.Refused, "refused")];

    /// <summary>Adds the gauges to a meter.</summary>
    /// <param name="meter">Where they belong.</param>
    /// <param name="state">What they tell of.</param>
    public static void Add(Meter meter, GatewayState state)
    {
        ArgumentNullException.ThrowIfNull(meter);
        meter.CreateObservableGauge(TelemetryNames.BreakerState, () => Breakers(state), description: "State of a target's breaker: 0 closed, 1 half open, 2 open");
        meter.CreateObservableGauge(TelemetryNames.ProviderKeys, () => Keys(state), "{key}", "Keys of a provider by condition");
        meter.CreateObservableGauge(TelemetryNames.WaitingCalls, () => Waiting(state), "{call}", "Calls that queue for room under a provider's limits");
    }

    private static IEnumerable<Measurement<int>> Breakers(GatewayState state) =>
        from target in state.Targets
        where state.Current.ConfiguredModels.Contains(target.Key)
        let slash = target.Key.IndexOf('/', StringComparison.Ordinal)
        let value = target.Value.Breaker.Current switch { BreakerState.Open => 2, BreakerState.HalfOpen => 1, _ => 0 }
        select new Measurement<int>(value, new(Provider, target.Key[..slash]), new("gen_ai.request.model", target.Key[(slash + 1)..]));

    private static IEnumerable<Measurement<int>> Keys(GatewayState state) =>
        from provider in state.Current.Providers
        let keys = provider.KeyStatus
        where keys.Count > 0
        from condition in Conditions
        select new Measurement<int>(keys.Count(k => k.Condition == condition.Of), new(Provider, provider.Name), new("condition", condition.Name));

    private static IEnumerable<Measurement<int>> Waiting(GatewayState state) =>
        from provider in state.Current.Providers
        where !provider.Config.Limits.IsEmpty
        select new Measurement<int>(provider.State.Limiter.Waiting, new KeyValuePair<string, object?>(Provider, provider.Name));
}
