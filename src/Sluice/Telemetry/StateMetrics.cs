using System.Diagnostics.Metrics;
using Sluice.Engine;
using Sluice.Resilience;
using Sluice.Resilience.Keys;
using Sluice.Routing;

namespace Sluice.Telemetry;

/// <summary>Gauges of what is under way and of the state of each configured target; read only when somebody asks.</summary>
internal sealed class StateMetrics
{
    // All are told each time: a gauge keeps what it was told last.
    private static readonly (KeyCondition Of, string Name)[] Conditions = [(KeyCondition.Good, "good"), (KeyCondition.Resting, "resting"), (KeyCondition.Refused, "refused")];
    private readonly GatewayState _state;

    public StateMetrics(Meter meter, GatewayState state, Func<CallEngine?> engine, Func<long> linesDropped)
    {
        _state = state;
        meter.CreateObservableGauge(TelemetryNames.OpenCalls, () => engine()?.OpenCalls ?? 0, "{call}", "Calls under way");
        meter.CreateObservableGauge(TelemetryNames.OpenStreams, () => engine()?.OpenStreams ?? 0, "{call}", "Calls under way whose client asked for a stream");
        meter.CreateObservableGauge(TelemetryNames.OpenShadows, () => engine()?.OpenShadows ?? 0, "{call}", "Copies of calls under way to shadows");
        meter.CreateObservableGauge(TelemetryNames.BufferedBytes, () => engine()?.Buffers.Held ?? 0, null, "Bytes of requests, whole answers and pieces of streams that calls hold, each from 64 KiB");
        meter.CreateObservableCounter(TelemetryNames.BuffersFull, () => engine()?.Buffers.Refused ?? 0, null, "Times that a call found no room under server.max_buffered");
        meter.CreateObservableGauge(TelemetryNames.OpenAttempts, () => Targets().Select(t => Measure(t, t.State.Busy)), "{attempt}", "Attempts under way by target");
        meter.CreateObservableGauge(TelemetryNames.BreakerState, () => Targets().Select(t => Measure(t, Value(t.State.Breaker.State(t.Breaker)))), "{state}", "State of a target's circuit breaker: 0 closed, 1 half open, 2 open");
        meter.CreateObservableGauge(TelemetryNames.ProviderKeys, Keys, "{key}", "Keys of a provider by condition");
        meter.CreateObservableGauge(TelemetryNames.WaitingCalls, Waiting, "{call}", "Calls that queue for room under a provider's limits");
        meter.CreateObservableCounter(TelemetryNames.LogLinesDropped, linesDropped, "{line}", "Lines of the log that were dropped because its output was slower than the calls");
    }

    // Configured ones alone: what clients name directly is not counted by name.
    private IEnumerable<TargetModel> Targets()
    {
        var gateway = _state.Current;
        return gateway.RouteTargets.Concat(gateway.ListedTargets).DistinctBy(t => t.Id);
    }

    private IEnumerable<Measurement<int>> Keys() =>
        from provider in _state.Current.Providers
        let keys = provider.KeyStatus
        where keys.Count > 0
        from condition in Conditions
        select new Measurement<int>(keys.Count(k => k.Condition == condition.Of), new(Labels.Provider, provider.Name), new("condition", condition.Name));

    private IEnumerable<Measurement<int>> Waiting() =>
        from provider in _state.Current.Providers
        where !provider.Config.Limits.IsEmpty
        select new Measurement<int>(provider.State.Limiter.Waiting, new KeyValuePair<string, object?>(Labels.Provider, provider.Name));

    private static Measurement<int> Measure(TargetModel target, int value) => new(value, new(Labels.Provider, target.Provider.Name), new(Labels.Model, target.Model));

    private static int Value(BreakerState state) => state switch { BreakerState.Closed => 0, BreakerState.HalfOpen => 1, _ => 2 };
}
