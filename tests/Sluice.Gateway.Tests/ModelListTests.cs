using System.Net;
using System.Text;
using System.Text.Json;

namespace Sluice.Gateway.Tests;

/// <summary>What clients are told of models in the four dialects, and Ollama's endpoints that editors look at first.</summary>
public sealed class ModelListTests : IAsyncLifetime
{
    private FakeUpstream _fake = null!;

    public async ValueTask InitializeAsync()
    {
        _fake = await FakeUpstream.StartAsync(request => request switch
        {
            { Target: "/oll/api/chat" } => FakeAnswer.Json("""{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"ok"},"done":true,"done_reason":"stop"}"""),
            { Method: "GET" } => FakeAnswer.Json("""{"data":[{"id":"served","max_model_len":65536},{"id":"my-embed"}]}"""),
            { Target: "/vllm/v1/embeddings" } => FakeAnswer.Json("""{"object":"list","model":"m","data":[{"object":"embedding","index":0,"embedding":[0.5,2]}],"usage":{"prompt_tokens":1,"total_tokens":1}}"""),
            _ => FakeAnswer.Json("""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}]}"""),
        });
        await _fake.GatewayAsync("""
            providers:
              oai: { type: openai, base_url: "URL/oai", api_key: k, models: [gpt-4.1, text-embedding-3-small, gpt-4o-mini-tts] }
              ant: { type: anthropic, base_url: "URL/ant", api_key: k, models: [claude-haiku-4-5] }
              gem: { type: gemini, base_url: "URL/gem", api_key: k, models: [gemini-2.5-flash, gemini-embedding-001] }
              vllm: { type: vllm, base_url: "URL/vllm" }
              oll: { type: ollama, base_url: "URL/oll", models: ["tagged:latest", plain] }
            models: { both: { targets: [oai/gpt-4.1, ant/claude-haiku-4-5] } }
            """);
    }

    public ValueTask DisposeAsync() => _fake.DisposeAsync();

    [Fact]
    public async Task OpenAIs_list_carries_limits_beside_its_own_members()
    {
        var list = await GetAsync("/v1/models");
        var model = Named(list, "data", "id", "oai/gpt-4.1");
        model.GetProperty("object").GetString().ShouldBe("model");
        model.GetProperty("context_length").GetInt64().ShouldBe(1_047_576);
        model.GetProperty("max_output_tokens").GetInt64().ShouldBe(32_768);
        Named(list, "data", "id", "both").GetProperty("context_length").GetInt64().ShouldBe(200_000, "a route promises what all of its targets can");
        Named(list, "data", "id", "vllm/served").GetProperty("context_length").GetInt64().ShouldBe(65_536, "what the server itself says");
        Named(list, "data", "id", "vllm/my-embed").TryGetProperty("context_length", out _).ShouldBeFalse();
        (await GetAsync("/v1/models/oai%2Fgpt-4.1")).GetProperty("context_length").GetInt64().ShouldBe(1_047_576);
        (await GetAsync("/v1/models/gpt-4.1")).GetProperty("id").GetString().ShouldBe("gpt-4.1");
    }

    [Fact]
    public async Task Anthropics_list_carries_the_members_of_its_SDK()
    {
        var list = await GetAsync("/v1/models?limit=1000", ("anthropic-version", "2023-06-01"));
        var model = Named(list, "data", "id", "ant/claude-haiku-4-5");
        model.GetProperty("max_input_tokens").GetInt64().ShouldBe(200_000);
        model.GetProperty("max_tokens").GetInt64().ShouldBe(64_000);
        model.GetProperty("lifecycle").GetString().ShouldBe("active");
        model.GetProperty("created_at").GetString().ShouldBe("2025-10-15T00:00:00Z");
        model.GetProperty("capabilities").ValueKind.ShouldBe(JsonValueKind.Null);
        Named(list, "data", "id", "vllm/my-embed").GetProperty("max_input_tokens").ValueKind.ShouldBe(JsonValueKind.Null);
        (await GetAsync("/v1/models/both", ("anthropic-version", "2023-06-01"))).GetProperty("max_tokens").GetInt64().ShouldBe(32_768);
    }

    [Theory]
    [InlineData("gem/gemini-2.5-flash", "generateContent,streamGenerateContent,countTokens")]
    [InlineData("gem/gemini-embedding-001", "embedContent,batchEmbedContents")]
    [InlineData("oai/text-embedding-3-small", "embedContent,batchEmbedContents")]
    [InlineData("vllm/my-embed", "embedContent,batchEmbedContents")]
    [InlineData("vllm/served", "generateContent,streamGenerateContent,countTokens")]
    [InlineData("oai/gpt-4o-mini-tts", "")]
    [InlineData("both", "generateContent,streamGenerateContent,countTokens")]
    public async Task Geminis_list_names_the_methods_that_a_model_has(string id, string methods)
    {
        var listed = Named(await GetAsync("/v1beta/models"), "models", "name", $"models/{id}");
        var single = await GetAsync($"/v1beta/models/{id}");
        foreach (var model in new[] { listed, single }) string.Join(',', model.GetProperty("supportedGenerationMethods").EnumerateArray().Select(m => m.GetString())).ShouldBe(methods);
    }

    [Fact]
    public async Task Geminis_list_carries_limits()
    {
        var model = Named(await GetAsync("/v1beta/models"), "models", "name", "models/gem/gemini-2.5-flash");
        model.GetProperty("inputTokenLimit").GetInt64().ShouldBe(1_048_576);
        model.GetProperty("outputTokenLimit").GetInt64().ShouldBe(65_536);
    }

    [Theory]
    [InlineData("oai/gpt-4.1", "completion,tools,vision", 1_047_576)]
    [InlineData("gpt-4.1:latest", "completion,tools,vision", 1_047_576)]
    [InlineData("both:latest", "completion,tools,vision", 200_000)]
    [InlineData("vllm/served", "completion,tools", 65_536)]
    [InlineData("vllm/other:latest", "completion,tools", 32_768)]
    [InlineData("oai/text-embedding-3-small", "embedding", 8191)]
    public async Task Ollamas_show_tells_capabilities_and_a_context_length(string name, string capabilities, long context)
    {
        await GetAsync("/v1/models");
        foreach (string member in new[] { "model", "name" })
        {
            using var answer = await PostAsync("/api/show", $$"""{"{{member}}":"{{name}}"}""");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            var model = await SimulatedGateway.JsonAsync(answer);
            string.Join(',', model.GetProperty("capabilities").EnumerateArray().Select(c => c.GetString())).ShouldBe(capabilities);
            string architecture = model.GetProperty("model_info").GetProperty("general.architecture").GetString()!;
            model.GetProperty("model_info").GetProperty($"{architecture}.context_length").GetInt64().ShouldBe(context);
        }
    }

    [Fact]
    public async Task Ollamas_tags_and_version_are_whole()
    {
        var models = (await GetAsync("/api/tags")).GetProperty("models").EnumerateArray().ToList();
        models.ShouldNotBeEmpty();
        foreach (var model in models)
        {
            foreach (string member in new[] { "name", "model", "modified_at", "size", "digest", "details" }) model.TryGetProperty(member, out _).ShouldBeTrue(member);
            model.GetProperty("digest").GetString()!.Length.ShouldBe(64);
        }
        (await GetAsync("/api/version")).GetProperty("version").GetString()!.Split('.').ShouldAllBe(part => part.All(char.IsAsciiDigit));
        (await GetAsync("/api/ps")).GetProperty("models").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("/api/chat", """{"model":"NAME","stream":false,"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("/api/generate", """{"model":"NAME","stream":false,"prompt":"hi"}""")]
    [InlineData("/api/embed", """{"model":"NAME","input":"hi"}""")]
    [InlineData("/api/embeddings", """{"model":"NAME","prompt":"hi"}""")]
    public async Task The_tag_latest_says_nothing(string path, string body)
    {
        foreach (string name in new[] { "vllm/m", "vllm/m:latest" })
        {
            using var answer = await PostAsync(path, body.Replace("NAME", name, StringComparison.Ordinal));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await SimulatedGateway.TextAsync(answer));
            JsonDocument.Parse(_fake.Requests[^1].Text).RootElement.GetProperty("model").GetString().ShouldBe("m");
        }
    }

    [Theory]
    [InlineData("oll/tagged:latest", "tagged:latest")]
    [InlineData("oll/plain:latest", "plain")]
    [InlineData("oll/plain", "plain")]
    public async Task A_tag_that_a_provider_lists_is_kept(string asked, string sent)
    {
        using var answer = await PostAsync("/api/chat", $$"""{"model":"{{asked}}","stream":false,"messages":[{"role":"user","content":"hi"}]}""");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await SimulatedGateway.TextAsync(answer));
        JsonDocument.Parse(_fake.Requests[^1].Text).RootElement.GetProperty("model").GetString().ShouldBe(sent);
    }

    [Fact]
    public async Task The_old_embeddings_endpoint_of_Ollama_gives_one_vector()
    {
        using var answer = await PostAsync("/api/embeddings", """{"model":"vllm/m","prompt":"a","options":{"num_ctx":10},"keep_alive":"5m"}""");
        (await SimulatedGateway.TextAsync(answer)).ShouldBe("""{"embedding":[0.5,2]}""");
        using var bad = await PostAsync("/api/embeddings", """{"model":"vllm/m"}""");
        bad.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await SimulatedGateway.JsonAsync(bad)).GetProperty("error").GetString()!.ShouldContain("prompt");
    }

    private async Task<JsonElement> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await _fake.Client.SendAsync(request, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await SimulatedGateway.JsonAsync(answer);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string json) => _fake.Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

    private static JsonElement Named(JsonElement list, string items, string member, string name) =>
        list.GetProperty(items).EnumerateArray().Single(m => m.GetProperty(member).GetString() == name);
}
