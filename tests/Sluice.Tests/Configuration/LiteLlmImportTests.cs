using Sluice.Configuration;
using Sluice.Configuration.Importing;

namespace Sluice.Tests.Configuration;

public sealed class LiteLlmImportTests : IDisposable
{
    private const string Proxy = """
        model_list:
          - model_name: gpt
            litellm_params: { model: azure/prod-gpt, api_base: https://we.openai.azure.com/, api_key: os.environ/AZ_KEY, api_version: "2024-10-21", rpm: 60, timeout: 30, weight: 3 }
            model_info: { id: one, base_model: azure/gpt-5.4, team: x }
          - model_name: gpt
            litellm_params: { model: openai/gpt-5.4, api_key: os.environ/OPENAI_API_KEY, max_retries: 1, input_cost_per_token: 0.00000125, output_cost_per_token: 1e-5 }
          - model_name: claude
            litellm_params: { model: anthropic/claude-sonnet-5, api_key: "literal${x}", temperature: 0.2, mock_response: hi }
          - model_name: local
            litellm_params: { model: ollama_chat/qwen2.5:7b, api_base: "http://127.0.0.1:11434" }
          - model_name: own
            litellm_params: { model: openai/my-model, api_base: "http://gpu:8000/v1", api_key: none }
          - model_name: "openai/*"
            litellm_params: { model: "openai/*", api_key: os.environ/OPENAI_API_KEY }
          - model_name: odd
            litellm_params: { model: replicate/llama }
        litellm_settings:
          drop_params: false
          num_retries: 2
          request_timeout: 600
          fallbacks: [{ gpt: [claude, local] }, { claude: [gpt] }]
          cache: true
          cache_params: { type: redis, host: h, ttl: 60 }
          success_callback: [langfuse]
          max_budget: 100
          budget_duration: 30d
          json_logs: true
          telemetry: false
        router_settings:
          routing_strategy: latency-based-routing
          allowed_fails: 3
          cooldown_time: 30
          redis_host: r
          model_group_alias: { gpt-4: gpt }
        general_settings:
          master_key: os.environ/MASTER
          database_url: postgres://x
        """;

    private readonly ConfigurationFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Convert_Proxy_LoadsAndMeansTheSame()
    {
        var yaml = LiteLlmImport.Convert(Proxy, "config.yaml").Yaml.ShouldNotBeNull();
        var config = folder.Set("AZ_KEY", "a").Set("OPENAI_API_KEY", "o").Set("MASTER", "m").LoadValid(yaml);

        config.Providers.Keys.ShouldBe(["azure", "openai", "anthropic", "ollama", "custom"]);
        config.Providers["azure"].ShouldSatisfyAllConditions(p => p.BaseUrl.ShouldBe(new Uri("https://we.openai.azure.com")), p => p.ApiVersion.ShouldBe("2024-10-21"), p => p.Deployments["gpt-5.4"].ShouldBe("prod-gpt"), p => p.ApiKeys[0].Value.Reveal().ShouldBe("a"));
        config.Providers["anthropic"].ApiKeys[0].Value.Reveal().ShouldBe("literal${x}");
        config.Providers["custom"].Type.ShouldBe("openai-compatible");

        var pool = config.Routes["gpt-pool"];
        pool.Strategy.ShouldBe(RouteStrategy.LeastLatency);
        pool.Targets.Select(target => target.Model).ShouldBe(["azure/gpt-5.4", "openai/gpt-5.4"]);
        pool.Targets[0].ShouldSatisfyAllConditions(t => t.Limits.Rpm.ShouldBe(60), t => t.Timeouts.Total.ShouldBe(TimeSpan.FromSeconds(30)));
        pool.Targets[1].Price.ShouldBe(new PriceConfig { Input = 1.25m, Output = 10m });
        pool.Targets[1].Retry.MaxAttempts.ShouldBe(2);
        config.Routes["gpt"].Targets.Select(target => target.Model).ShouldBe(["gpt-pool", "anthropic/claude-sonnet-5", "ollama/qwen2.5:7b"]);
        config.Routes["claude"].Targets.Select(target => target.Model).ShouldBe(["anthropic/claude-sonnet-5", "gpt-pool", "ollama/qwen2.5:7b"]);
        config.Routes["gpt-4"].Targets.ShouldHaveSingleItem().Route.ShouldBe("gpt");
        config.Routes["own"].Targets.ShouldHaveSingleItem().Model.ShouldBe("custom/my-model");
        config.Routes.ContainsKey("odd").ShouldBeFalse();

        config.Defaults.Retry.MaxAttempts.ShouldBe(3);
        config.Defaults.Timeouts.Total.ShouldBe(TimeSpan.FromMinutes(10));
        config.Defaults.Breaker.ShouldBe(BreakerConfig.Default with { Failures = 3 });
        config.Defaults.Strict.ShouldBeTrue();
        config.Admin.Key!.Reveal().ShouldBe("m");
        config.Keys.Required.ShouldBeTrue();
        config.Budgets.Monthly.ShouldBe(100);
        config.Logging.Format.ShouldBe(LogFormat.Json);
    }

    [Fact]
    public void Convert_WhatHasNoCounterpart_IsReportedWithItsPlace() =>
        LiteLlmImport.Convert(Proxy, "config.yaml").Notes.Select(note => $"{note.Origin.Line} {note.Key}: {note.What.Split([';', ':'])[0]}").ShouldBe(
        [
            "4 model_list[0].model_info.team: has no counterpart",
            "8 model_list[2].litellm_params.mock_response: has no counterpart",
            "16 model_list[6].litellm_params.model: 'replicate' speaks a language of its own that Sluice does not",
            "18 litellm_settings.drop_params: becomes strict",
            "22 litellm_settings.cache: left out",
            "24 litellm_settings.success_callback: left out",
            "28 litellm_settings.telemetry: has no counterpart",
            "33 router_settings.redis_host: has no counterpart",
            "36 general_settings.master_key: becomes the admin key",
            "37 general_settings.database_url: left out",
        ]);

    [Theory]
    [InlineData("- a", "f.yaml:1:1: is not a LiteLLM configuration; give a file with model_list")]
    [InlineData("a: 1", "f.yaml:1:1: has no model_list; give the config.yaml of a LiteLLM proxy")]
    public void Convert_OtherFile_SaysSo(string text, string message) => LiteLlmImport.Convert(text, "f.yaml").Faults.ShouldHaveSingleItem().ToString().ShouldBe(message);
}
