using Sluice.Configuration.Schema;

namespace Sluice.Configuration.Binding;

/// <summary>Binds the groups of keys that several places take, each over what it inherits.</summary>
internal static class SharedBinder
{
    internal static TimeoutsConfig Timeouts(ObjectReader reader, TimeoutsConfig inherited) => new()
    {
        Connect = reader.Duration("connect") ?? inherited.Connect,
        FirstToken = reader.Duration("first_token") ?? inherited.FirstToken,
        Idle = reader.Duration("idle") ?? inherited.Idle,
        Total = reader.Duration("total") ?? inherited.Total,
    };

    internal static RetryConfig Retry(ObjectReader reader, RetryConfig inherited)
    {
        var result = new RetryConfig
        {
            MaxAttempts = reader.Int("max_attempts") ?? inherited.MaxAttempts,
            BaseDelay = reader.Duration("base_delay") ?? inherited.BaseDelay,
            MaxDelay = reader.Duration("max_delay") ?? inherited.MaxDelay,
            Jitter = reader.Double("jitter") ?? inherited.Jitter,
            Statuses = reader.Texts("statuses") is { } statuses ? [.. statuses.Select(int.Parse)] : inherited.Statuses,
            ContentFilter = reader.Bool("content_filter") ?? inherited.ContentFilter,
            RespectRetryAfter = reader.Bool("respect_retry_after") ?? inherited.RespectRetryAfter,
        };
        if (result.BaseDelay > result.MaxDelay && reader.IsWritten)
        {
            reader.Context.Faults.Add(
                reader.OriginOf("base_delay"),
                reader.PathOf("base_delay"),
                $"{reader.Path}: base_delay ({Quantities.Format(result.BaseDelay)}) is longer than max_delay ({Quantities.Format(result.MaxDelay)})",
                "lower base_delay or raise max_delay");
        }

        return result;
    }

    internal static BreakerConfig Breaker(ObjectReader reader, BreakerConfig inherited) => new()
    {
        Enabled = reader.Bool("enabled") ?? inherited.Enabled,
        Failures = reader.Int("failures") ?? inherited.Failures,
        FailureRatio = reader.Double("failure_ratio") ?? inherited.FailureRatio,
        MinCalls = reader.Int("min_calls") ?? inherited.MinCalls,
        Window = reader.Duration("window") ?? inherited.Window,
        OpenFor = reader.Duration("open_for") ?? inherited.OpenFor,
        Probes = reader.Int("probes") ?? inherited.Probes,
    };

    internal static LimitsConfig Limits(ObjectReader reader, LimitsConfig inherited) => new()
    {
        Rpm = reader.Int("rpm") ?? inherited.Rpm,
        Tpm = reader.Long("tpm") ?? inherited.Tpm,
        Concurrency = reader.Int("concurrency") ?? inherited.Concurrency,
        Burst = reader.Double("burst") ?? inherited.Burst,
        Queue = reader.Int("queue") ?? inherited.Queue,
    };

    internal static BudgetConfig Budget(ObjectReader reader) => new()
    {
        Daily = reader.Decimal("daily"),
        Weekly = reader.Decimal("weekly"),
        Monthly = reader.Decimal("monthly"),
        Total = reader.Decimal("total"),
        TimeZone = reader.Text("time_zone") ?? BudgetConfig.None.TimeZone,
        Warn = reader.Double("warn") ?? BudgetConfig.None.Warn,
        Webhook = reader.Secret("webhook"),
    };

    internal static PriceConfig? Price(ObjectReader reader, PriceConfig? inherited)
    {
        if (!reader.IsWritten) return inherited;
        return new PriceConfig
        {
            Input = reader.Decimal("input") ?? 0,
            Output = reader.Decimal("output") ?? 0,
            CacheRead = reader.Decimal("cache_read"),
            CacheWrite = reader.Decimal("cache_write"),
            CacheWrite1h = reader.Decimal("cache_write_1h"),
            Reasoning = reader.Decimal("reasoning"),
            AudioInput = reader.Decimal("audio_input"),
            AudioOutput = reader.Decimal("audio_output"),
            PerCall = reader.Decimal("per_call"),
        };
    }

    /// <summary>Lists add up; a header of the nearer level wins; the nearest <c>allow_only</c> stands alone.</summary>
    internal static HeaderRulesConfig Headers(ObjectReader reader, HeaderRulesConfig inherited)
    {
        if (!reader.IsWritten) return inherited;
        HeaderChecks.Check(reader);
        return new HeaderRulesConfig
        {
            Forward = Union(inherited.Forward, reader.Texts("forward")),
            AllowOnly = reader.Texts("allow_only") ?? inherited.AllowOnly,
            Drop = Union(inherited.Drop, reader.Texts("drop")),
            Add = Over(inherited.Add, reader.TextMap("add", StringComparer.OrdinalIgnoreCase)),
            Set = Over(inherited.Set, reader.TextMap("set", StringComparer.OrdinalIgnoreCase)),
        };
    }

    internal static CertificateConfig? Certificate(ObjectReader reader) => reader.File("certificate") is not { } certificate ? null : new CertificateConfig
    {
        Certificate = Existing(reader, "certificate", certificate),
        Key = reader.File("key") is { } key ? Existing(reader, "key", key) : null,
        Password = reader.Secret("password"),
    };

    /// <summary>A path that must name a file.</summary>
    internal static string Existing(ObjectReader reader, string key, string path)
    {
        if (!File.Exists(path)) reader.Context.Faults.Add(reader.OriginOf(key), reader.PathOf(key), $"{reader.PathOf(key)}: {path} does not exist", "write the path of a file; relative ones start at the working directory");
        return path;
    }

    private static IReadOnlyList<string> Union(IReadOnlyList<string> inherited, IReadOnlyList<string>? own) =>
        own is null ? inherited : [.. inherited.Union(own, StringComparer.OrdinalIgnoreCase)];

    private static IReadOnlyDictionary<string, string> Over(IReadOnlyDictionary<string, string> inherited, IReadOnlyDictionary<string, string>? own)
    {
        if (own is null) return inherited;
        var result = new OrderedDictionary<string, string>(inherited, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in own) result[name] = value;
        return result;
    }
}
