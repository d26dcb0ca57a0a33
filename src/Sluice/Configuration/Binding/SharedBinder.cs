using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sluice.Configuration.Schema;
using Sluice.Upstream;

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

    internal static CertificateConfig? Certificate(ObjectReader reader)
    {
        if (reader.File("certificate") is not { } certificate) return null;
        var config = new CertificateConfig
        {
            Certificate = Existing(reader, "certificate", certificate),
            Key = reader.File("key") is { } key ? Existing(reader, "key", key) : null,
            Password = reader.Secret("password"),
        };
        if (!File.Exists(config.Certificate) || (config.Key is not null && !File.Exists(config.Key))) return config;
        Usable(reader, "certificate", "write a PEM file with its private key, there or under key, or a PKCS#12 file; password, where it has one", () => CertificateFile.Load(config).Dispose());
        return config;
    }

    /// <summary>A PEM file of authorities.</summary>
    internal static string Authorities(ObjectReader reader, string key, string path)
    {
        if (!File.Exists(Existing(reader, key, path))) return path;
        Usable(reader, key, "write a PEM file of certificates", () =>
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(path);
            if (found.Count == 0) throw new CryptographicException("it holds no certificate in PEM form");
        });
        return path;
    }

    private static void Usable(ObjectReader reader, string key, string remedy, Action use)
    {
        try
        {
            use();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            string why = string.Join(' ', e.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
            reader.Context.Faults.Add(reader.OriginOf(key), reader.PathOf(key), $"{reader.PathOf(key)} cannot be used: {why}", remedy);
        }
    }

    /// <summary>A path that must name a file.</summary>
    internal static string Existing(ObjectReader reader, string key, string path)
    {
        if (reader.Context.LooksAtFiles && !File.Exists(path)) reader.Context.Faults.Add(reader.OriginOf(key), reader.PathOf(key), $"{reader.PathOf(key)}: {path} does not exist", "write the path of a file; relative ones start at the configuration file that names them");
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
