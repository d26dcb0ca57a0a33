namespace Sluice.Telemetry;

/// <summary>
/// Names of meter, instruments and attributes. Those that begin with <c>gen_ai</c> follow OpenTelemetry's semantic conventions for generative AI
/// (v1.41).
/// </summary>
public static class TelemetryNames
{
    /// <summary>The meter and the activity source.</summary>
    public const string Source = "Sluice";

    /// <summary>Seconds of one operation at a provider; a histogram.</summary>
    public const string OperationDuration = "gen_ai.client.operation.duration";

    /// <summary>Tokens of one operation by kind; a histogram.</summary>
    public const string TokenUsage = "gen_ai.client.token.usage";

    /// <summary>Seconds of one call as the client saw it; a histogram.</summary>
    public const string ServerDuration = "gen_ai.server.request.duration";

    /// <summary>Seconds to the first content as the client saw it; a histogram.</summary>
    public const string TimeToFirstToken = "gen_ai.server.time_to_first_token";

    /// <summary>Calls by outcome; a counter.</summary>
    public const string Calls = "sluice.calls";

    /// <summary>Attempts by outcome; a counter.</summary>
    public const string Attempts = "sluice.attempts";

    /// <summary>Fields that could not be carried; a counter.</summary>
    public const string DroppedFields = "sluice.dropped_fields";

    /// <summary>Seconds of a call that were not spent waiting for a provider; a histogram.</summary>
    public const string Overhead = "sluice.gateway.overhead";

    /// <summary>Cost in USD of calls whose price is known; a counter.</summary>
    public const string Cost = "sluice.cost.usd";

    /// <summary>Seconds from the request to a provider to the first content of its stream; a histogram.</summary>
    public const string FirstChunk = "gen_ai.client.operation.time_to_first_chunk";

    /// <summary>Seconds between two pieces of a provider's stream; a histogram.</summary>
    public const string PerChunk = "gen_ai.client.operation.time_per_output_chunk";

    /// <summary>Seconds per output token after the first; a histogram.</summary>
    public const string TimePerToken = "gen_ai.server.time_per_output_token";

    /// <summary>Attempts after a failed one by its reason; a counter.</summary>
    public const string Retries = "sluice.retries";

    /// <summary>Seconds in the queue of a limit; a histogram.</summary>
    public const string LimitWait = "sluice.limit.wait";

    /// <summary>Answered calls without a usage report; a counter.</summary>
    public const string UncountedCalls = "sluice.uncounted_calls";

    /// <summary>Streamed calls under way; a gauge.</summary>
    public const string OpenStreams = "sluice.open_streams";

    /// <summary>Copies to shadows under way; a gauge.</summary>
    public const string OpenShadows = "sluice.open_shadows";

    /// <summary>Bytes that calls hold; a gauge.</summary>
    public const string BufferedBytes = "sluice.buffered_bytes";

    /// <summary>Times that there was no room under <c>server.max_buffered</c>; a counter.</summary>
    public const string BuffersFull = "sluice.buffers_full";

    /// <summary>Attempts under way by target; a gauge.</summary>
    public const string OpenAttempts = "sluice.open_attempts";

    /// <summary>Dropped lines of the log; a counter.</summary>
    public const string LogLinesDropped = "sluice.log.lines_dropped";

    /// <summary>Thresholds of budgets that were crossed; a counter.</summary>
    public const string BudgetAlerts = "sluice.budget.alerts";

    /// <summary>Calls under way; a gauge.</summary>
    public const string OpenCalls = "sluice.open_calls";

    /// <summary>State of a target's breaker: 0 closed, 1 half open, 2 open; a gauge.</summary>
    public const string BreakerState = "sluice.breaker.state";

    /// <summary>Keys of a provider by condition (good, resting, refused); a gauge.</summary>
    public const string ProviderKeys = "sluice.provider.keys";

    /// <summary>Calls that queue for room under a provider's limits; a gauge.</summary>
    public const string WaitingCalls = "sluice.waiting_calls";
}
