using Sluice.Configuration;

namespace Sluice.Tests.Configuration;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly ConfigurationFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Load_FileOfTheFidelityHarness_Binds()
    {
        var config = folder.LoadValid("""
            server: { listen: "127.0.0.1:4123" }
            storage: { sqlite: "/tmp/x/sluice.db" }
            defaults: { retry: { max_attempts: 1 } }
            providers:
              r-openai: { type: openai, base_url: "http://127.0.0.1:9000/openai/v1", api_key: test }
              r-gemini: { type: gemini, base_url: "http://127.0.0.1:9000/gemini", api_key: test }
              r-ollama: { type: ollama, base_url: "http://127.0.0.1:9000/ollama" }
            """);

        config.Server.Listen.ShouldBe(new ListenAddress("127.0.0.1", 4123));
        config.Storage.Sqlite.ShouldBe("/tmp/x/sluice.db");
        config.Providers.Keys.ShouldBe(["r-openai", "r-gemini", "r-ollama"]);
        var openai = config.Providers["r-openai"];
        openai.Type.ShouldBe("openai");
        openai.BaseUrl.ShouldBe(new Uri("http://127.0.0.1:9000/openai/v1"));
        openai.ApiKeys.ShouldHaveSingleItem().Value.Reveal().ShouldBe("test");
        openai.Retry.MaxAttempts.ShouldBe(1);
        openai.Timeouts.ShouldBe(TimeoutsConfig.Default);
        config.Providers["r-ollama"].ApiKeys.ShouldBeEmpty();
    }

    // Section 5 of the design but for the response cache and PostgreSQL, which this version refuses.
    [Fact]
    public void Load_EveryKeyOfTheDesign_Binds()
    {
        folder.Set("OPENAI_API_KEY", "o").Set("ANTHROPIC_KEY_A", "a").Set("ANTHROPIC_KEY_B", "b").Set("LAB_KEY", "l").Set("GEMINI_API_KEY", "g");
        var config = folder.LoadValid("""
            server:
              listen: 127.0.0.1:4000
              max_request_body: 32MiB
              shutdown_grace: 30s
            storage: { sqlite: ./sluice.db }
            defaults:                                   # inherited by every provider and route
              timeout: { connect: 5s, first_token: 60s, idle: 60s, total: 10m }
              retry:   { max_attempts: 3, base_delay: 500ms, max_delay: 30s, jitter: 0.5, statuses: [408, 409, 429, 500, 502, 503, 504, 529] }
              breaker: { failures: 5, open_for: 30s, probes: 1 }
              params:  { temperature: 0.7, max_tokens: 1000 }
            allow:    { providers: [openai, anthropic, local, gemini], models: ["*"] }
            providers:
              openai:
                api_key: ${OPENAI_API_KEY}
                models: [gpt-5.4-mini, gpt-5.4]         # optional; otherwise whatever the provider lists
              anthropic:
                api_keys: ["${ANTHROPIC_KEY_A}", "${ANTHROPIC_KEY_B}"]   # rotated; a limited or refused one rests
                limits: { rpm: 50, tpm: 100000, concurrency: 20 }
                budget: { daily: 5.00, monthly: 50.00 }                  # USD
              gemini:
              local:
                type: ollama
                base_url: http://127.0.0.1:11434
              lab:
                type: openai-compatible
                base_url: https://lab.example/v1
                api_key: ${LAB_KEY}
                auth: { header: X-Lab-Key }             # or scheme: bearer | query | none | passthrough
                tls: { verify: false }                  # logged as a warning at every start
                headers: { drop: [X-Forwarded-For], add: { X-Team: search }, set: { User-Agent: lab }, allow_only: [] }
                provider_specific: { top_k: 40 }        # merged into every body sent there
                price: { input: 0.10, output: 0.30 }    # USD per million tokens
            models:                                     # routes
              smart:  { strategy: fallback, targets: [anthropic/claude-sonnet-5, openai/gpt-5.4] }
              spread: { strategy: weighted, targets: [{ model: openai/gpt-5.4-mini, weight: 3 }, { model: local/qwen2.5:7b, weight: 1 }] }
              enrich:
                strategy: fallback                      # a cascade: local first, then cheap, then good
                targets:
                  - { model: local/qwen2.5:7b, timeout: { total: 120s } }
                  - gemini/gemini-3.5-flash
                  - { model: anthropic/claude-haiku-5-5, enabled: false }
            transforms:
              - { on: request, where: { models: ["openai/*"] }, regex: { pattern: '\b\d{16}\b', replace: "[card]", flags: i } }
              - { on: request, drop: "$.tools[?(@.function.name=='shell')]" }
              - { on: request, add: { path: "$.metadata", value: { team: search } } }
            keys:
              required: true                            # the default is false on loopback only; elsewhere a start without keys is refused
            budgets: { daily: 20.00, monthly: 300.00 }  # of the whole gateway
            logging: { format: json, level: info, bodies: none }         # none | headers | full; secrets are always masked
            telemetry: { otlp: ${OTEL_EXPORTER_OTLP_ENDPOINT:-}, prometheus: true }
            """);

        config.Server.MaxRequestBody.ShouldBe(32 << 20);
        config.Providers["openai"].Models.ShouldBe(["gpt-5.4-mini", "gpt-5.4"]);
        config.Providers["openai"].Params["max_tokens"].GetInt32().ShouldBe(1000);
        config.Providers["anthropic"].ApiKeys.Select(key => (key.Name, key.Value.Reveal())).ShouldBe([("anthropic#1", "a"), ("anthropic#2", "b")]);
        config.Providers["anthropic"].Limits.ShouldBe(new LimitsConfig { Rpm = 50, Tpm = 100000, Concurrency = 20 });
        config.Providers["anthropic"].Budget.Daily.ShouldBe(5.00m);
        config.Providers["gemini"].ApiKeys.ShouldHaveSingleItem().Value.Reveal().ShouldBe("g");
        var lab = config.Providers["lab"];
        lab.Auth.ShouldBe(new AuthConfig { Scheme = AuthScheme.Header, Name = "X-Lab-Key" });
        lab.Tls.Verify.ShouldBeFalse();
        lab.Headers.Drop.ShouldBe(["X-Forwarded-For"]);
        lab.Headers.AllowOnly.ShouldNotBeNull().ShouldBeEmpty();
        lab.Headers.Set["user-agent"].ShouldBe("lab");
        lab.ProviderSpecific["top_k"].GetRawText().ShouldBe("40");
        lab.Price.ShouldBe(new PriceConfig { Input = 0.10m, Output = 0.30m });
        config.Routes["spread"].Targets.Select(target => (target.Provider, target.ModelName, target.Weight)).ShouldBe([("openai", "gpt-5.4-mini", 3), ("local", "qwen2.5:7b", 1)]);
        config.Routes["enrich"].Targets[0].Timeouts.Total.ShouldBe(TimeSpan.FromMinutes(2));
        config.Routes["enrich"].Targets[2].Enabled.ShouldBeFalse();
        config.Transforms[0].Regex!.Pattern.ShouldBe(@"\b\d{16}\b");
        config.Transforms[2].Add!.Value.GetRawText().ShouldBe("""{"team":"search"}""");
        config.Keys.Required.ShouldBeTrue();
        config.Storage.Sqlite.ShouldBe(Path.Combine(folder.WorkingDirectory, "sluice.db"));
        config.Logging.Format.ShouldBe(LogFormat.Json);
        config.Telemetry.Otlp.ShouldBeNull();
    }

    [Fact]
    public void Load_EmptyMap_GivesTheDefaultsOfTheRecords()
    {
        var config = folder.LoadValid("server: {}\n");

        config.Server.ShouldBe(new ServerConfig());
        config.Admin.ShouldBe(new AdminConfig());
        config.Storage.ShouldBe(new StorageConfig { Sqlite = Path.Combine(folder.WorkingDirectory, "sluice.db") });
        config.Defaults.ShouldBe(new DefaultsConfig { Retry = config.Defaults.Retry });
        config.Defaults.Retry.ShouldBe(RetryConfig.Default with { Statuses = config.Defaults.Retry.Statuses });
        config.Defaults.Retry.Statuses.ShouldBe(RetryConfig.Default.Statuses);
        config.Logging.ShouldBe(new LoggingConfig());
        config.Telemetry.ShouldBe(new TelemetryConfig());
        config.Cache.ShouldBe(new CacheConfig());
        config.Budgets.ShouldBe(BudgetConfig.None);
        config.Keys.ShouldBe(new KeysConfig());
    }

    [Fact]
    public void Load_TargetWithItsOwn_WinsOverRouteProviderAndDefaults()
    {
        var config = folder.LoadValid("""
            defaults:
              timeout: { connect: 1s, first_token: 2s, idle: 3s, total: 4s }
              params: { temperature: 0.1, top_p: 0.1 }
            providers:
              local: { type: ollama, timeout: { first_token: 20s, idle: 20s, total: 20s }, params: { temperature: 0.2, seed: 2 } }
            models:
              a: { timeout: { idle: 30s, total: 30s }, params: { temperature: 0.3 }, targets: [{ model: local/x, timeout: { total: 40s }, params: { n: 4 } }, local/y] }
            """);

        var target = config.Routes["a"].Targets[0];
        target.Timeouts.ShouldBe(new TimeoutsConfig { Connect = S(1), FirstToken = S(20), Idle = S(30), Total = S(40) });
        config.Routes["a"].Targets[1].Timeouts.Total.ShouldBe(S(30));
        config.Routes["a"].Timeouts.ShouldBe(new TimeoutsConfig { Connect = S(1), FirstToken = S(2), Idle = S(30), Total = S(30) });
        config.Providers["local"].Timeouts.ShouldBe(new TimeoutsConfig { Connect = S(1), FirstToken = S(20), Idle = S(20), Total = S(20) });
        target.Params.Select(p => $"{p.Key}={p.Value}").ShouldBe(["temperature=0.3", "top_p=0.1", "seed=2", "n=4"]);
    }

    private static TimeSpan S(int seconds) => TimeSpan.FromSeconds(seconds);
}
