using System.Diagnostics;
using System.Diagnostics.Metrics;
using Sluice.Engine;

namespace Sluice.Telemetry;

/// <summary>
/// Measures every finished call. Label values come from the configuration alone: a model that only a request names counts as <c>other</c>.
/// </summary>
public sealed class CallMetrics : ICallObserver, IDisposable
{
    private const string Provider = "gen_ai.provider.name";
    private const string Model = "gen_ai.request.model";
    private readonly Meter _meter = new(TelemetryNames.Source);
    private readonly Histogram<double> _operation;
    private readonly Histogram<long> _tokens;
    private readonly Histogram<double> _server;
    private readonly Histogram<double> _firstToken;
    private readonly Histogram<double> _overhead;
    private readonly Counter<long> _calls;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _dropped;
    private readonly Counter<double> _cost;

    /// <summary>Makes the instruments.</summary>
    /// <param name="openCalls">How many calls are under way.</param>
    public CallMetrics(Func<int> openCalls)
    {
        _operation = _meter.CreateHistogram<double>(TelemetryNames.OperationDuration, "s", "Duration of an operation at a provider", tags: null, HistogramBounds.Durations);
        _tokens = _meter.CreateHistogram<long>(TelemetryNames.TokenUsage, "{token}", "Tokens of an operation", tags: null, HistogramBounds.Tokens);
        _server = _meter.CreateHistogram<double>(TelemetryNames.ServerDuration, "s", "Duration of a call as the client saw it", tags: null, HistogramBounds.Durations);
        _firstToken = _meter.CreateHistogram<double>(TelemetryNames.TimeToFirstToken, "s", "Time to the first content as the client saw it", tags: null, HistogramBounds.FirstToken);
        _overhead = _meter.CreateHistogram<double>(TelemetryNames.Overhead, "s", "Part of a call that was not spent waiting for a provider", tags: null, HistogramBounds.Overhead);
        _calls = _meter.CreateCounter<long>(TelemetryNames.Calls, "{call}", "Calls by outcome");
        _attempts = _meter.CreateCounter<long>(TelemetryNames.Attempts, "{attempt}", "Attempts by outcome");
        _dropped = _meter.CreateCounter<long>(TelemetryNames.DroppedFields, "{field}", "Fields that a target could not express");
        _cost = _meter.CreateCounter<double>(TelemetryNames.Cost, "USD", "Cost of calls whose price is known");
        _meter.CreateObservableGauge(TelemetryNames.OpenCalls, () => openCalls(), "{call}", "Calls under way");
    }

    /// <summary>The meter that all instruments belong to.</summary>
    public Meter Meter => _meter;

    /// <inheritdoc/>
    public void Completed(CallRecord call)
    {
        foreach (var attempt in call.Attempts) Record(attempt, call);
        RecordTokens(call);
        // No client made a shadow's copy: it has costs, but is no call.
        if (call.ShadowOf is not null) return;
        string format = call.Format.Value;
        string outcome = call.Error?.Kind.Value ?? "ok";
        if (_calls.Enabled) _calls.Add(1, new("format", format), new("lane", call.Lane?.Name() ?? "none"), new("outcome", outcome), new("status", call.Status));
        if (_server.Enabled) _server.Record(call.Duration.TotalSeconds, new("format", format), new("outcome", outcome));
        if (_firstToken.Enabled && call.FirstContent is { } first) _firstToken.Record(first.TotalSeconds, new KeyValuePair<string, object?>("format", format));
        if (_overhead.Enabled) _overhead.Record(Overhead(call).TotalSeconds, new KeyValuePair<string, object?>("lane", call.Lane?.Name() ?? "none"));
        if (_dropped.Enabled && call.Losses.Count > 0) _dropped.Add(call.Losses.Count, new("format", format), new(Provider, call.Provider));
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Record(AttemptRecord attempt, CallRecord call)
    {
        string model = call.ModelLabel(attempt);
        string outcome = attempt.Error?.Kind.Value ?? "ok";
        if (_attempts.Enabled) _attempts.Add(1, new(Provider, attempt.Provider), new(Model, model), new("outcome", outcome));
        if (!_operation.Enabled || !attempt.IsSent) return;
        var tags = new TagList { { "gen_ai.operation.name", "chat" }, { Provider, attempt.Provider }, { Model, model } };
        if (attempt.Error is not null) tags.Add("error.type", outcome);
        _operation.Record(attempt.Duration.TotalSeconds, tags);
    }

    private void RecordTokens(CallRecord call)
    {
        if (_cost.Enabled && call.CostUsd is { } cost && call.Attempts.Count > 0) _cost.Add((double)cost, new(Provider, call.Provider), new(Model, call.ModelLabel()));
        if (!_tokens.Enabled || call.Usage is not { } usage || call.Attempts.Count == 0) return;
        string model = call.ModelLabel();
        if (usage.InputTokens is { } input) _tokens.Record(input, new(Provider, call.Provider), new(Model, model), new("gen_ai.token.type", "input"));
        if (usage.OutputTokens is { } output) _tokens.Record(output, new(Provider, call.Provider), new(Model, model), new("gen_ai.token.type", "output"));
    }

    private static TimeSpan Overhead(CallRecord call)
    {
        var waited = TimeSpan.Zero;
        foreach (var attempt in call.Attempts) waited += attempt.Duration;
        var rest = call.Duration - waited;
        return rest < TimeSpan.Zero ? TimeSpan.Zero : rest;
    }
}
