namespace Sluice.Configuration.Schema;

/// <summary>Groups of keys that several places take.</summary>
internal static class SharedSchema
{
    private static readonly TimeoutsConfig T = TimeoutsConfig.Default;
    private static readonly RetryConfig R = RetryConfig.Default;
    private static readonly BreakerConfig B = BreakerConfig.Default;

    internal static readonly ObjectType Timeout = new(
        "timeout",
        "How long each part of a call may take.",
        Key.Duration("connect", T.Connect, "Until the connection stands, TLS included.").Inherited(),
        Key.Duration("first_token", T.FirstToken, "From the request to the first content of the answer.").Inherited(),
        Key.Duration("idle", T.Idle, "Between two pieces of a stream.").Inherited(),
        Key.Duration("total", T.Total, "The whole: at a provider or target one attempt, at a route or in `defaults` the call with all its attempts.").Inherited());

    internal static readonly ObjectType Retry = new(
        "retry",
        "When and how often an attempt is repeated.",
        Key.Integer("max_attempts", R.MaxAttempts, "Attempts at one target, the first included; 1 means no retry.", 1, 20).Inherited(),
        Key.Duration("base_delay", R.BaseDelay, "Delay before the first retry; it doubles each time.", TimeSpan.Zero, TimeSpan.FromMinutes(10)).Inherited(),
        Key.Duration("max_delay", R.MaxDelay, "Longest delay.", TimeSpan.Zero, TimeSpan.FromHours(1)).Inherited(),
        Key.Ratio("jitter", R.Jitter, "Share of the delay that is random.").Inherited(),
        Key.List("statuses", new IntegerType(400, 599), "Statuses that are retried.", "[429, 503]").Inherited() with { Default = $"[{string.Join(", ", R.Statuses)}]" },
        Key.Bool("content_filter", R.ContentFilter, "Ask the next target where a content filter refused.").Inherited(),
        Key.Bool("respect_retry_after", R.RespectRetryAfter, "Wait as long as Retry-After or the provider's reset header says.").Inherited());

    internal static readonly ObjectType Breaker = new(
        "breaker",
        "When a provider's model rests because it fails.",
        Key.Bool("enabled", B.Enabled, "Whether it acts at all.").Inherited(),
        Key.Integer("failures", B.Failures, "Failures in a row that open it.", 1, 10_000).Inherited(),
        Key.Ratio("failure_ratio", B.FailureRatio, "Share of failed calls within `window` that opens it; without it only failures in a row count.", aboveZero: true, example: "0.5").Inherited(),
        Key.Integer("min_calls", B.MinCalls, "Least calls within `window` before the ratio counts.", 1, 100_000).Inherited(),
        Key.Duration("window", B.Window, "Time over which the ratio is taken.", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)).Inherited(),
        Key.Duration("open_for", B.OpenFor, "How long it stays open before a probe.", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(24)).Inherited(),
        Key.Integer("probes", B.Probes, "Calls let through at once to probe.", 1, 100).Inherited());

    internal static readonly ObjectType Limits = new(
        "limits",
        "Rates that calls are held to; what is not written is unlimited.",
        Key.Integer("rpm", null, "Requests per minute.", 1, example: "50"),
        Key.Integer("tpm", null, "Tokens per minute, input and output together.", 1, 1_000_000_000_000, "100000"),
        Key.Integer("concurrency", null, "Calls under way at once.", 1, 1_000_000, "20"),
        Key.Ratio("burst", LimitsConfig.None.Burst, "How much of a minute's rate may be used in one go.", aboveZero: true),
        Key.Integer("queue", LimitsConfig.None.Queue, "Calls that may wait for room where `wait` is on.", 0, 100_000));

    internal static readonly ObjectType Budget = new(
        "budget",
        "Caps in USD; what is not written is not capped.",
        Key.Money("daily", "USD per day.", "5.00"),
        Key.Money("weekly", "USD per week, from Monday.", "25.00"),
        Key.Money("monthly", "USD per month.", "50.00"),
        Key.Money("total", "USD in all, never reset.", "500.00"),
        Key.Of("time_zone", TimeZoneType.Instance, "Time zone in which days turn.", "Europe/Berlin") with { Default = BudgetConfig.None.TimeZone },
        Key.Ratio("warn", BudgetConfig.None.Warn, "Share of a cap at which a warning is given.", aboveZero: true),
        Key.Of("webhook", UrlType.Webhook, "Address that gets a POST when a threshold is crossed; a secret.", "https://hooks.example/sluice"));

    internal static readonly ObjectType Price = new(
        "price",
        "Prices in USD per million tokens; they win over the catalogue.",
        Key.Money("input", "Input tokens that no cache served.", "0.10").Required(),
        Key.Money("output", "Output tokens.", "0.30").Required(),
        Key.Money("cache_read", "Input tokens read from the provider's prompt cache.", "0.01"),
        Key.Money("cache_write", "Input tokens written to the prompt cache for five minutes.", "0.125"),
        Key.Money("cache_write_1h", "Input tokens written to the prompt cache for an hour.", "0.20"),
        Key.Money("reasoning", "Reasoning tokens, where they cost otherwise than output.", "0.30"),
        Key.Money("audio_input", "Audio tokens in.", "1.00"),
        Key.Money("audio_output", "Audio tokens out.", "2.00"),
        Key.Money("per_call", "USD for each call.", "0.001"));

    internal static readonly ObjectType Headers = new(
        "headers",
        "Rules for headers, applied in this order: allow_only, drop, add, set. Headers of the client pass only where forward or allow_only lists them.",
        Key.List("forward", ShapeType.HeaderName, "Headers of the client that are forwarded; `*` ends a beginning. Credentials and hop-by-hop headers never are.", "[X-Trace-*]"),
        Key.List("allow_only", ShapeType.HeaderName, "The headers that pass, and no others; it needs no `forward` beside it. An empty list drops all.", "[X-Team]"),
        Key.List("drop", ShapeType.HeaderName, "Headers taken away.", "[X-Forwarded-For]"),
        Key.Of("add", HeaderMap(), "Headers put in where absent.", "{ X-Team: search }"),
        Key.Of("set", HeaderMap(), "Headers put in, whatever was there.", "{ User-Agent: lab }"));

    private static MapType HeaderMap() => new(ShapeType.HeaderValue) { KeyType = ShapeType.HeaderName, Placeholder = "HEADER" };
}
