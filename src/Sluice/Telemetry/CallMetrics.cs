using System.Diagnostics.Metrics;
using Sluice.Engine;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Sluice.Telemetry;

/// <summary>
/// Measures every finished call. Label values come from the configuration alone: a model that only a request names counts as <c>other</c>.
/// </summary>
public sealed class CallMetrics : ICallObserver, IChunkObserver, IDisposable
{
    private readonly Meter _meter = new(TelemetryNames.Source);
    private readonly Histogram<double> _operation;
    private readonly Histogram<double> _firstChunk;
    private readonly Histogram<double> _perChunk;
    private readonly Histogram<long> _tokens;
    private readonly Histogram<double> _server;
    private readonly Histogram<double> _firstToken;
    private readonly Histogram<double> _perToken;
    private readonly Histogram<double> _overhead;
    private readonly Histogram<double> _limitWait;
    private readonly Counter<long> _calls;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _uncounted;
    private readonly Counter<double> _cost;

    /// <summary>Makes the instruments.</summary>
    public CallMetrics()
    {
        _operation = Seconds(TelemetryNames.OperationDuration, "GenAI operation duration: one attempt at a provider", HistogramBounds.Durations);
        _firstChunk = Seconds(TelemetryNames.FirstChunk, "Time from the request to a provider to the first content of its stream", HistogramBounds.Durations);
        _perChunk = Seconds(TelemetryNames.PerChunk, "Time between two pieces of a provider's stream", HistogramBounds.Durations);
        _tokens = _meter.CreateHistogram(TelemetryNames.TokenUsage, "{token}", "Number of input and output tokens used", tags: null, HistogramBounds.Tokens);
        _server = Seconds(TelemetryNames.ServerDuration, "Duration of a call as its client saw it", HistogramBounds.Durations);
        _firstToken = Seconds(TelemetryNames.TimeToFirstToken, "Time to the first content as the client saw it, of calls that went well", HistogramBounds.FirstToken);
        _perToken = Seconds(TelemetryNames.TimePerToken, "Time per output token after the first one, of streams that went well", HistogramBounds.PerToken);
        _overhead = Seconds(TelemetryNames.Overhead, "Part of a call that was spent neither at a provider nor waiting", HistogramBounds.Overhead);
        _limitWait = Seconds(TelemetryNames.LimitWait, "Time that calls queued for room under a limit; those that did not wait are not counted", HistogramBounds.Waits);
        _calls = _meter.CreateCounter<long>(TelemetryNames.Calls, "{call}", "Calls by outcome");
        _attempts = _meter.CreateCounter<long>(TelemetryNames.Attempts, "{attempt}", "Attempts by outcome; sent is false for those that a limit, a rest or a lack of keys prevented");
        _retries = _meter.CreateCounter<long>(TelemetryNames.Retries, "{attempt}", "Attempts after a failed one, by why that failed");
        _dropped = _meter.CreateCounter<long>(TelemetryNames.DroppedFields, "{field}", "Fields that a target could not express");
        _uncounted = _meter.CreateCounter<long>(TelemetryNames.UncountedCalls, "{call}", "Answered calls whose provider told no usage, so that tokens and cost are estimates or missing");
        _cost = _meter.CreateCounter<double>(TelemetryNames.Cost, "USD", "Cost of calls whose price is known, in US dollars");
    }

    /// <summary>The meter that all instruments belong to.</summary>
    public Meter Meter => _meter;

    bool IChunkObserver.WantsChunks => _perChunk.Enabled;

    /// <inheritdoc/>
    public void Completed(CallRecord call)
    {
        for (int i = 0; i < call.Attempts.Count; i++) Record(call, i);
        RecordUsage(call);
        // No client made a shadow's copy: it has costs, but is no call.
        if (call.ShadowOf is not null) return;
        string format = call.Format.Value;
        string lane = call.Lane?.Name() ?? "none";
        string outcome = call.Error?.Kind.Value ?? "ok";
        if (_calls.Enabled) _calls.Add(1, new("format", format), new("lane", lane), new("outcome", outcome), new("status", StatusText.Of(call.Status)));
        if (_overhead.Enabled && call.SentAny) _overhead.Record(Overhead(call), new Tag("lane", lane));
        if (_dropped.Enabled && call.Losses.Count > 0) _dropped.Add(call.Losses.Count, new("format", format), new(Labels.Provider, call.Provider));
        if (_limitWait.Enabled && call.LimitWait > TimeSpan.Zero) _limitWait.Record(call.LimitWait.TotalSeconds, new("route", call.Route ?? "none"), new(Labels.Provider, call.Provider ?? "none"));
        RecordServer(call);
    }

    void IChunkObserver.Chunk(Attempt attempt, TimeSpan gap) =>
        _perChunk.Record(gap.TotalSeconds, new(Labels.Operation, attempt.Call.Operation), new(Labels.ProviderName, attempt.Target.Provider.GenAIName), new(Labels.Provider, attempt.Target.Provider.Name), new(Labels.Model, attempt.Call.Gateway.LabelOf(attempt.Target)));

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Record(CallRecord call, int index)
    {
        var attempt = call.Attempts[index];
        string outcome = attempt.Error?.Kind.Value ?? "ok";
        if (_attempts.Enabled) _attempts.Add(1, new(Labels.Provider, attempt.Provider), new(Labels.Model, attempt.ModelLabel), new("outcome", outcome), new("sent", attempt.IsSent ? "true" : "false"));
        if (!attempt.IsSent) return;
        Tag operation = new(Labels.Operation, call.Operation), name = new(Labels.ProviderName, attempt.ProviderName), provider = new(Labels.Provider, attempt.Provider), model = new(Labels.Model, attempt.ModelLabel);
        if (_operation.Enabled)
        {
            if (attempt.Error is null) _operation.Record(attempt.Duration.TotalSeconds, operation, name, provider, model);
            else _operation.Record(attempt.Duration.TotalSeconds, operation, name, provider, model, new(Labels.ErrorType, outcome));
        }
        if (_firstChunk.Enabled && call.Streamed && attempt.FirstContent is { } first) _firstChunk.Record(first.TotalSeconds, operation, name, provider, model);
        if (_retries.Enabled) RecordRetry(call, index, provider, model);
    }

    private void RecordRetry(CallRecord call, int index, Tag provider, Tag model)
    {
        var attempt = call.Attempts[index];
        if (attempt.Role == AttemptRole.Hedge)
        {
            _retries.Add(1, provider, model, new("reason", "slow"), new("kind", "hedge"));
            return;
        }
        if (index == 0 || call.Attempts[index - 1] is not { Error: { } reason } before) return;
        bool same = before.Provider == attempt.Provider && before.Model == attempt.Model;
        _retries.Add(1, provider, model, new("reason", reason.Kind.Value), new("kind", attempt.Role == AttemptRole.Continuation ? "continuation" : same ? "retry" : "fallback"));
    }

    private void RecordUsage(CallRecord call)
    {
        if (call.Provider is null) return;
        decimal? cost = call.CostUsd;
        foreach (var attempt in call.Attempts)
        {
            // What a lost hedge or a broken stream used: it is in the cost of the call, and belongs to its own provider.
            if (!attempt.IsAside) continue;
            Tokens(attempt.Usage, call, attempt.ProviderName, attempt.Provider, attempt.ModelLabel);
            if (attempt.CostUsd is not { } aside) continue;
            if (_cost.Enabled) _cost.Add((double)aside, new(Labels.Provider, attempt.Provider), new(Labels.Model, attempt.ModelLabel));
            cost -= aside;
        }
        if (_cost.Enabled && cost is >= 0) _cost.Add((double)cost, new(Labels.Provider, call.Provider), new(Labels.Model, call.ModelLabel));
        if (call.Usage is null && call.Error is null && _uncounted.Enabled) _uncounted.Add(1, new(Labels.Provider, call.Provider), new(Labels.Model, call.ModelLabel));
        Tokens(call.Usage, call, call.ProviderName, call.Provider, call.ModelLabel);
    }

    private void Tokens(Chat.Usage? usage, CallRecord call, string providerName, string providerOwn, string modelLabel)
    {
        if (usage is null || !_tokens.Enabled) return;
        Tag operation = new(Labels.Operation, call.Operation), name = new(Labels.ProviderName, providerName), provider = new(Labels.Provider, providerOwn), model = new(Labels.Model, modelLabel);
        if (usage.InputTokens is { } input) _tokens.Record(input, operation, name, provider, model, new(Labels.TokenType, "input"));
        if (usage.OutputTokens is { } output) _tokens.Record(output, operation, name, provider, model, new(Labels.TokenType, "output"));
    }

    private void RecordServer(CallRecord call)
    {
        Tag operation = new(Labels.Operation, call.Operation), name = new(Labels.ProviderName, call.ProviderName), model = new(Labels.Model, call.Route ?? call.ModelLabel), format = new("format", call.Format.Value);
        if (_server.Enabled)
        {
            if (call.Error is null) _server.Record(call.Duration.TotalSeconds, operation, name, model, format);
            else _server.Record(call.Duration.TotalSeconds, operation, name, model, format, new(Labels.ErrorType, call.Error.Kind.Value));
        }
        if (call.Error is not null || call.FirstContent is not { } first) return;
        if (_firstToken.Enabled) _firstToken.Record(first.TotalSeconds, operation, name, model, format);
        // Of a whole answer nobody saw when its first token came.
        if (_perToken.Enabled && call.Streamed && call.Usage?.OutputTokens is { } tokens and > 1) _perToken.Record((call.Duration - first).TotalSeconds / (tokens - 1), operation, name, model, format);
    }

    private Histogram<double> Seconds(string name, string description, InstrumentAdvice<double> bounds) => _meter.CreateHistogram(name, "s", description, tags: null, bounds);

    private static double Overhead(CallRecord call)
    {
        var elsewhere = call.Waited;
        foreach (var attempt in call.Attempts) elsewhere += attempt.Duration;
        // Attempts side by side take more than the call: what is left of it says nothing then.
        return Math.Max(0, (call.Duration - elsewhere).TotalSeconds);
    }
}
