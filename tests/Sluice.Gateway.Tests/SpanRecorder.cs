using System.Collections.Concurrent;
using System.Diagnostics;
using Sluice.Telemetry;

namespace Sluice.Gateway.Tests;

/// <summary>Listens to the gateway's spans. Tests run side by side: each looks for the trace that it began.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _ended = new();

    public SpanRecorder()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryNames.Source,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>A new trace as a client would send it.</summary>
    public static (string TraceId, string SpanId, string Header) NewTrace()
    {
        string trace = ActivityTraceId.CreateRandom().ToHexString();
        string span = ActivitySpanId.CreateRandom().ToHexString();
        return (trace, span, $"00-{trace}-{span}-01");
    }

    /// <summary>The call's span and its attempts in order; waits for the end of the call, which comes after its last byte.</summary>
    public async Task<(Activity Call, Activity[] Attempts)> OfAsync(string traceId)
    {
        while (true)
        {
            var all = _ended.Where(a => a.TraceId.ToHexString() == traceId).ToArray();
            if (all.SingleOrDefault(a => a.Kind == ActivityKind.Server) is { } call) return (call, [.. all.Where(a => a.Kind == ActivityKind.Client).OrderBy(a => a.StartTimeUtc)]);
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    public void Dispose() => _listener.Dispose();
}
