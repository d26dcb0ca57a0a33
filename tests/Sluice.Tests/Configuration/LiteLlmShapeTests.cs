using Sluice.Configuration;
using Sluice.Configuration.Importing;

namespace Sluice.Tests.Configuration;

/// <summary>Files in the shapes that people have: each deployment ends up usable or is named, and the result is one that starts.</summary>
public sealed class LiteLlmShapeTests : IDisposable
{
    private readonly ConfigurationFolder folder = new();

    public void Dispose() => folder.Dispose();

    private SluiceConfig Import(string yaml, params (string Name, string Value)[] variables) => Import(yaml, out _, variables);

    private SluiceConfig Import(string yaml, out IReadOnlyList<string> notes, params (string Name, string Value)[] variables)
    {
        var result = LiteLlmImport.Convert(yaml, "config.yaml", folder);
        result.Faults.ShouldBeEmpty();
        result.Remaining.ShouldBeEmpty(result.Yaml);
        notes = [.. result.Notes.Select(note => $"{note.Key}: {note.What}")];
        foreach (var name in result.Variables) folder.Set(name, "value-of-" + name);
        foreach (var (name, value) in variables) folder.Set(name, value);
        return folder.LoadValid(result.Yaml!);
    }

    private static string[] Targets(SluiceConfig config, string route) => [.. config.Routes[route].Targets.Select(target => target.Model)];

    [Fact]
    public void NameOfOneDeployment_ThatIsAnothersModel_TakesNothingFromIt()
    {
        var config = Import("""
            model_list:
              - model_name: openai/gpt-4o
                litellm_params: { model: azure/gpt-4o, api_base: "https://eu.openai.azure.com", api_key: os.environ/AZ }
              - model_name: cheap
                litellm_params: { model: openai/gpt-4o, api_key: os.environ/OA }
            """);

        config.Routes["openai/gpt-4o"].Targets.ShouldHaveSingleItem().Provider.ShouldBe("azure");
        var cheap = config.Routes["cheap"].Targets.ShouldHaveSingleItem();
        cheap.Route.ShouldBeNull();
        config.Providers[cheap.Provider!].ShouldSatisfyAllConditions(p => p.Type.ShouldBe("openai"), p => p.ApiKeys[0].Value.Reveal().ShouldBe("value-of-OA"));
    }

    [Theory]
    [InlineData("openai/gpt-4o", "openai/gpt-4o, api_base: \"https://eu.openai.azure.com/openai/v1\"", "openai-compatible")]
    [InlineData("gpt-4o", "openai/gpt-4o, api_base: \"https://eu.openai.azure.com\"", "azure")]
    [InlineData("gpt-4o", "azure/gpt-4o, api_base: \"https://eu.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2025-01-01\"", "azure")]
    public void AddressOfAzure_MakesAProviderOfItsOwn(string name, string parameters, string type)
    {
        var config = Import($$"""
            model_list:
              - model_name: {{name}}
                litellm_params: { model: {{parameters}}, api_key: k }
              - model_name: cheap
                litellm_params: { model: openai/gpt-4o }
            """);

        config.Providers[config.Routes[name].Targets[0].Provider!].Type.ShouldBe(type);
        config.Providers[config.Routes["cheap"].Targets[0].Provider!].Type.ShouldBe("openai");
    }

    [Fact]
    public void NameEqualToItsModel_NeedsNoRoute_OrOneWithoutACircle()
    {
        var config = Import("""
            model_list:
              - model_name: anthropic/claude-sonnet-5
                litellm_params: { model: anthropic/claude-sonnet-5 }
              - model_name: openai/gpt-4o
                litellm_params: { model: openai/gpt-4o, rpm: 10 }
              - model_name: my model
                litellm_params: { model: groq/llama-3.3-70b }
            """);

        config.Routes.ContainsKey("anthropic/claude-sonnet-5").ShouldBeFalse();
        config.Providers["anthropic"].Type.ShouldBe("anthropic");
        var target = config.Routes["openai/gpt-4o"].Targets.ShouldHaveSingleItem();
        target.Route.ShouldBeNull();
        target.Limits.Rpm.ShouldBe(10);
        Targets(config, "my model").ShouldBe(["groq/llama-3.3-70b"]);
    }

    [Theory]
    [InlineData("nvidia_nim/meta/llama3, api_base: \"https://nim.example/v1\", api_key: k", "nvidia-nim/meta/llama3")]
    [InlineData("nvidia_nim/meta/llama3", "nvidia-nim/meta/llama3")]
    [InlineData("litellm_proxy/gpt, api_base: \"http://other:4000\", api_key: k", "litellm-proxy/gpt")]
    [InlineData("hosted_vllm/Qwen/Qwen3, api_base: \"http://gpu:8000/v1\"", "vllm/Qwen/Qwen3")]
    [InlineData("openai/meta-llama/Llama-3, api_base: \"http://gpu:8000/v1\"", "custom/meta-llama/Llama-3")]
    [InlineData("meta-llama/Llama-3, api_base: \"http://gpu:8000/v1\"", "custom/meta-llama/Llama-3")]
    [InlineData("meta-llama/Llama-3, custom_llm_provider: openai, api_base: \"http://gpu:8000/v1\"", "custom/meta-llama/Llama-3")]
    [InlineData("azure/responses/gpt-5-codex, api_base: \"https://a.openai.azure.com\", api_key: k", "azure/gpt-5-codex")]
    [InlineData("vertex_ai/claude-sonnet-4-5, vertex_project: p, vertex_location: l", "vertex/anthropic/claude-sonnet-4-5")]
    [InlineData("vertex_ai/gemini-2.5-pro", "vertex/gemini-2.5-pro")]
    [InlineData("vertex_ai/meta/llama-3.3-70b-instruct-maas", "vertex/meta/llama-3.3-70b-instruct-maas")]
    [InlineData("bedrock/eu-west-1/anthropic.claude-v2", "bedrock/anthropic.claude-v2")]
    [InlineData("bedrock/converse/us.amazon.nova-pro-v1:0", "bedrock/us.amazon.nova-pro-v1:0")]
    [InlineData("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0")]
    [InlineData("gpt-4o", "openai/gpt-4o")]
    [InlineData("claude-3-5-haiku-latest", "anthropic/claude-3-5-haiku-latest")]
    [InlineData("openrouter/anthropic/claude-sonnet-4", "openrouter/anthropic/claude-sonnet-4")]
    [InlineData("together_ai/meta-llama/Llama-3", "together/meta-llama/Llama-3")]
    [InlineData("azure_ai/claude-sonnet-4-5, api_base: \"https://x.services.ai.azure.com/anthropic\", api_key: k", "azure-ai/claude-sonnet-4-5")]
    [InlineData("azure_ai/mistral-large, api_base: \"https://x.services.ai.azure.com/models\", api_key: k", "azure-ai/mistral-large")]
    [InlineData("ollama/llama3.2, api_base: \"localhost:11434\"", "ollama/llama3.2")]
    public void Model_GoesWhereLiteLlmSendsIt(string parameters, string id) =>
        Targets(Import($"model_list:\n  - model_name: m\n    litellm_params: {{ model: {parameters} }}\n"), "m").ShouldBe([id]);

    [Fact]
    public void ResponsesOfAzure_AreAskedForInThatFormat() =>
        Import("model_list: [{ model_name: m, litellm_params: { model: azure/responses/codex, api_base: \"https://a.openai.azure.com\", api_key: k } }]").Providers["azure"].Formats.ShouldBe(["openai-responses"]);

    [Theory]
    [InlineData("{ model: whisper-1 }", "", "audio transcription is not served")]
    [InlineData("{ model: openai/dall-e-3 }", "", "image generation is not served")]
    [InlineData("{ model: cohere/rerank-v3.5 }", "model_info: { mode: rerank }", "rerank is not served")]
    [InlineData("{ model: openai/my-own, api_base: \"http://x/v1\" }", "model_info: { mode: audio_speech }", "audio speech is not served")]
    [InlineData("{ model: replicate/x, api_base: \"http://x/v1\" }", "", "'replicate' speaks a language of its own")]
    [InlineData("{ model: nobody/x }", "", "Sluice has no provider 'nobody'")]
    [InlineData("{ model: mystery }", "", "nothing says whose model 'mystery' is")]
    [InlineData("{ model: vertex_ai/1234567890 }", "", "endpoints of one's own on Vertex")]
    [InlineData("{ model: \"openai/*\" }", "", "has a '*', and model_name has none")]
    [InlineData("{ model: os.environ/NOT_SET }", "", "which is not set here")]
    [InlineData("{ api_key: k }", "", "is missing; the entry is left out")]
    public void Deployment_ThatCannotBeServed_IsNamedAsLeftOut(string parameters, string more, string note)
    {
        var config = Import($"model_list:\n  - model_name: keep\n    litellm_params: {{ model: openai/gpt-4o }}\n  - model_name: m\n    litellm_params: {parameters}\n    {more}\n", out var notes);

        config.Routes.Keys.ShouldBe(["keep"]);
        var told = notes.ShouldHaveSingleItem();
        told.ShouldContain(note);
        told.ShouldContain("left out");
    }

    [Fact]
    public void VariableAsAName_IsFilledInWhereItIsSet()
    {
        folder.Set("FAST", "quick");
        var config = Import("model_list:\n  - model_name: os.environ/FAST\n    litellm_params: { model: openai/gpt-4o }\n  - model_name: os.environ/SLOW\n    litellm_params: { model: openai/gpt-4o }\n", out var notes);

        config.Routes.Keys.ShouldBe(["quick"]);
        notes.ShouldContain(note => note.Contains("SLOW, which is not set here", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("weight: 0.7", "weight: 0.3", 1000, 429)]
    [InlineData("weight: 3", "weight: 1", 3, 1)]
    [InlineData("rpm: 900", "rpm: 100", 900, 100)]
    [InlineData("tpm: 4000000", "tpm: 1000000", 1000, 250)]
    [InlineData("weight: 1", "weight: 1", 1, 1)]
    [InlineData("weight: 1", "rpm: 5", 1, 0)]
    public void Weights_KeepTheirProportions(string first, string second, int one, int other) =>
        Import($$"""
            model_list:
              - { model_name: m, litellm_params: { model: openai/gpt-4o, {{first}} } }
              - { model_name: m, litellm_params: { model: anthropic/claude-sonnet-5, {{second}} } }
            """).Routes["m"].ShouldSatisfyAllConditions(r => r.Strategy.ShouldBe(RouteStrategy.Weighted), r => r.Targets.Select(t => t.Weight).ShouldBe([one, other]));

    [Fact]
    public void Order_IsAFallback_WithAPoolForEachPlace()
    {
        var config = Import("""
            model_list:
              - { model_name: m, litellm_params: { model: openai/late, order: 2 } }
              - { model_name: m, litellm_params: { model: openai/a, order: 1 } }
              - { model_name: m, litellm_params: { model: openai/b, order: 1 } }
            """);

        config.Routes["m"].Strategy.ShouldBe(RouteStrategy.Fallback);
        Targets(config, "m").ShouldBe(["m-order-1", "openai/late"]);
        Targets(config, "m-order-1").ShouldBe(["openai/a", "openai/b"]);
    }

    [Theory]
    [InlineData("litellm_settings: { fallbacks: [{ a: [b] }, { b: [c] }] }", "openai/a openai/b openai/c")]
    [InlineData("router_settings: { fallbacks: [{ a: [b] }] }\nlitellm_settings: { fallbacks: [{ a: [c] }] }", "openai/a openai/b")]
    [InlineData("litellm_settings: { fallbacks: [{ \"*\": [c] }] }", "openai/a openai/c")]
    [InlineData("router_settings: { default_fallbacks: [b, c] }", "openai/a openai/b openai/c")]
    [InlineData("litellm_settings: { fallbacks: [{ a: [\"gemini/gemini-2.5-pro\"] }] }", "openai/a gemini/gemini-2.5-pro")]
    [InlineData("litellm_settings: { content_policy_fallbacks: [{ a: [b] }] }", "openai/a openai/b")]
    [InlineData("router_settings: { fallbacks: [{ a: [b] }, { b: [a] }] }", "openai/a openai/b")]
    [InlineData("router_settings: { fallbacks: [{ a: [{ model: b, messages: [] }] }] }", "openai/a openai/b")]
    public void Fallbacks_AreFollowed(string settings, string targets)
    {
        var config = Import($$"""
            model_list:
              - { model_name: a, litellm_params: { model: openai/a } }
              - { model_name: b, litellm_params: { model: openai/b } }
              - { model_name: c, litellm_params: { model: openai/c } }
              - { model_name: "gemini/*", litellm_params: { model: "gemini/*" } }
            {{settings}}
            """);

        Targets(config, "a").ShouldBe(targets.Split(' '));
        config.Routes["a"].Targets[0].Retry.ContentFilter.ShouldBe(settings.Contains("content_policy", StringComparison.Ordinal));
    }

    [Fact]
    public void Fallback_OfANameThatOnlyAWildcardHas_IsARouteThatIsNoCircle()
    {
        var config = Import("""
            model_list:
              - { model_name: "openai/*", litellm_params: { model: "openai/*" } }
              - { model_name: spare, litellm_params: { model: anthropic/claude-sonnet-5 } }
            router_settings: { fallbacks: [{ openai/gpt-4o: [spare] }] }
            """);

        var first = config.Routes["openai/gpt-4o"].Targets[0];
        first.Route.ShouldBeNull();
        first.ModelName.ShouldBe("gpt-4o");
        config.Providers[first.Provider!].Type.ShouldBe("openai");
        config.Routes["openai/*"].Targets[0].Provider.ShouldBe(first.Provider);
    }

    [Fact]
    public void Wildcards_BecomePatterns_UnlessTheProviderHasTheName()
    {
        var config = Import("""
            model_list:
              - { model_name: "anthropic/*", litellm_params: { model: "anthropic/*" } }
              - { model_name: "openai/*", litellm_params: { model: "openai/*", api_key: one } }
              - { model_name: "eu/*", litellm_params: { model: "openai/*", api_key: two } }
              - { model_name: "claude-*", litellm_params: { model: "anthropic/claude-*" } }
              - { model_name: "*", litellm_params: { model: "openrouter/*" } }
            """);

        config.Routes.Keys.ShouldBe(["eu/*", "claude-*", "*"]);
        Targets(config, "eu/*").ShouldBe(["openai-2/*"]);
        config.Providers["openai-2"].ApiKeys[0].Value.Reveal().ShouldBe("two");
        Targets(config, "claude-*").ShouldBe(["anthropic/claude-*"]);
        Targets(config, "*").ShouldBe(["openrouter/*"]);
    }

    [Fact]
    public void Aliases_OfBothPlaces_AreRoutes_AndHiddenOnesAreTold()
    {
        var config = Import("""
            model_list: [{ model_name: big, litellm_params: { model: openai/gpt-4o } }]
            router_settings: { model_group_alias: { gpt-4: big, secret: { model: big, hidden: true }, lost: nowhere } }
            litellm_settings: { model_alias_map: { old: big } }
            """, out var notes);

        config.Routes.Keys.ShouldBe(["big", "gpt-4", "secret", "old"]);
        notes.ShouldContain(note => note.Contains("'secret' is hidden there", StringComparison.Ordinal));
        notes.ShouldContain(note => note.Contains("'lost' is left out", StringComparison.Ordinal));
    }

    [Fact]
    public void RouterSettings_HoldInPlaceOfTheModules()
    {
        var config = Import("""
            model_list: [{ model_name: m, litellm_params: { model: openai/gpt-4o } }]
            litellm_settings: { num_retries: 7, request_timeout: 100, allowed_fails: 9, cooldown_time: 99 }
            router_settings: { num_retries: 1, timeout: 20, allowed_fails: 2, retry_after: 60 }
            """);

        config.Defaults.Retry.ShouldSatisfyAllConditions(r => r.MaxAttempts.ShouldBe(2), r => r.BaseDelay.ShouldBe(TimeSpan.FromMinutes(1)));
        config.Defaults.Timeouts.Total.ShouldBe(TimeSpan.FromSeconds(20));
        config.Defaults.Breaker.ShouldSatisfyAllConditions(b => b.Failures.ShouldBe(2), b => b.OpenFor.ShouldBe(TimeSpan.FromSeconds(99)));
    }

    [Fact]
    public void Credentials_AreFoundByTheirName()
    {
        var config = Import("""
            credential_list:
              - credential_name: eu
                credential_values: { api_key: os.environ/EU_KEY, api_base: "https://eu.openai.azure.com", api_version: "2025-01-01" }
            model_list:
              - { model_name: a, litellm_params: { model: azure/one, litellm_credential_name: eu } }
              - { model_name: b, litellm_params: { model: azure/two, litellm_credential_name: other, api_key: k, api_base: "https://us.openai.azure.com" } }
            """, out var notes);

        config.Providers["azure"].ShouldSatisfyAllConditions(p => p.BaseUrl.ShouldBe(new Uri("https://eu.openai.azure.com")), p => p.ApiKeys[0].Value.Reveal().ShouldBe("value-of-EU_KEY"));
        notes.ShouldHaveSingleItem().ShouldContain("there is no 'other' in credential_list");
    }

    [Fact]
    public void Includes_AreReadWhereTheyCan()
    {
        var result = LiteLlmImport.Convert("include: [models.yaml, lost.yaml]\nmodel_list: [{ model_name: a, litellm_params: { model: openai/a } }]\n", "config.yaml", folder,
            name => name == "models.yaml" ? "model_list: [{ model_name: b, litellm_params: { model: openai/b } }]\n" : null);

        result.Remaining.ShouldBeEmpty();
        result.Yaml.ShouldNotBeNull().ShouldContain("openai/b");
        result.Notes.ShouldHaveSingleItem().ToString().ShouldContain("'lost.yaml' cannot be read");
    }

    [Fact]
    public void BaseModels_AreDeployments_OfTwoAccountsWhereTheyMeet()
    {
        var config = Import("""
            model_list:
              - { model_name: a, litellm_params: { model: azure/prod, api_base: "https://x.openai.azure.com", api_key: k }, model_info: { base_model: azure/gpt-4o } }
              - { model_name: b, litellm_params: { model: azure/test, api_base: "https://x.openai.azure.com", api_key: k }, model_info: { base_model: gpt-4o } }
            """);

        config.Providers["azure"].Deployments["gpt-4o"].ShouldBe("prod");
        config.Providers["azure-2"].Deployments["gpt-4o"].ShouldBe("test");
        Targets(config, "a").ShouldBe(["azure/gpt-4o"]);
        Targets(config, "b").ShouldBe(["azure-2/gpt-4o"]);
    }

    [Fact]
    public void Prices_OfModelInfo_HoldAsThoseOfTheParameters()
    {
        var config = Import("""
            model_list:
              - { model_name: a, litellm_params: { model: openai/a }, model_info: { input_cost_per_token: 0.000001, output_cost_per_token: 2e-6 } }
              - { model_name: e, litellm_params: { model: openai/text-embedding-3-small }, model_info: { mode: embedding, input_cost_per_token: 0.00000002 } }
              - { model_name: h, litellm_params: { model: openai/h, input_cost_per_token: 1e-6 } }
            """, out var notes);

        config.Routes["a"].Targets[0].Price.ShouldBe(new PriceConfig { Input = 1, Output = 2 });
        config.Routes["e"].Targets[0].Price.ShouldBe(new PriceConfig { Input = 0.02m, Output = 0 });
        notes.ShouldHaveSingleItem().ShouldContain("a price needs both input and output");
    }

    [Fact]
    public void Store_AndCache_AreToldAsTheyAre()
    {
        Import("""
            model_list: [{ model_name: m, litellm_params: { model: openai/gpt-4o } }]
            litellm_settings: { cache: true, cache_params: { type: redis, host: os.environ/REDIS_HOST } }
            general_settings: { database_url: os.environ/DATABASE_URL, store_model_in_db: true }
            """, out var notes);

        notes.Count.ShouldBe(3);
        notes[0].ShouldContain("no response cache");
        notes.ShouldContain(note => note.Contains("storage.sqlite", StringComparison.Ordinal));
        notes.ShouldAllBe(note => !note.Contains("storage.postgres", StringComparison.Ordinal));
    }
}
