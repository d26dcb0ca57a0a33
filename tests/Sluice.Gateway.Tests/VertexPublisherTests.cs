using Sluice.TestKit;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Models of other publishers than Google on Vertex: each is asked at its own endpoint and in its own format.</summary>
public sealed class VertexPublisherTests
{
    private const string Provider = """providers: { vertex: { base_url: "URL", project: p1, location: us-east5, api_key: ya29.token } }""";
    private const string Base = "/v1/projects/p1/locations/us-east5";
    private const string Message = """{"id":"msg_vrtx_1","type":"message","role":"assistant","model":"claude-opus-4-5-20251101","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1000,"output_tokens":1}}""";
    private const string Completion = """{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}""";
    private const string Events = """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_vrtx_1","type":"message","role":"assistant","model":"claude-opus-4-5-20251101","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":1}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    [Theory]
    [InlineData("vertex/claude-opus-4-5@20251101")]
    [InlineData("vertex/anthropic/claude-opus-4-5@20251101")]
    [InlineData("vertex/publishers/anthropic/models/claude-opus-4-5@20251101")]
    public async Task Claude_FromAMessagesClient_IsSplicedToRawPredict(string model)
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Message));
        await fake.GatewayAsync(Provider);

        using var answer = await fake.PostJsonAsync("/v1/messages?beta=true", $$"""{"model":"{{model}}",  "max_tokens":9,"own":{"a" : 1},"messages":[{"role":"user","content":"Hi"}]}""", ("anthropic-version", "2023-06-01"));

        (await TextAsync(answer)).ShouldBe(Message);
        Header(answer, "x-sluice-lane").ShouldBe("spliced");
        Header(answer, "x-sluice-cost-usd").ShouldNotBeNull();
        var sent = fake.Requests.ShouldHaveSingleItem();
        sent.Target.ShouldBe($"{Base}/publishers/anthropic/models/claude-opus-4-5@20251101:rawPredict");
        sent.Headers["authorization"].ShouldBe("Bearer ya29.token");
        sent.Text.ShouldContain("\"own\":{\"a\" : 1}");
        JsonAssert.Difference("""{"max_tokens":9,"own":{"a":1},"messages":[{"role":"user","content":"Hi"}],"anthropic_version":"vertex-2023-10-16"}""", sent.Text).ShouldBeNull();
    }

    [Fact]
    public async Task Claude_StreamOfAMessagesClient_PassesUnchangedFromStreamRawPredict()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Events(Events));
        await fake.GatewayAsync(Provider);

        using var answer = await fake.PostJsonAsync("/v1/messages", """{"model":"vertex/claude-opus-4-5@20251101","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"Hi"}]}""");

        (await TextAsync(answer)).ShouldBe(Events);
        var sent = fake.Requests.ShouldHaveSingleItem();
        sent.Target.ShouldBe($"{Base}/publishers/anthropic/models/claude-opus-4-5@20251101:streamRawPredict");
        JsonAssert.Difference("""{"max_tokens":9,"stream":true,"messages":[{"role":"user","content":"Hi"}],"anthropic_version":"vertex-2023-10-16"}""", sent.Text).ShouldBeNull();
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"vertex/claude-opus-4-5@20251101","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""", false)]
    [InlineData("/v1/chat/completions", """{"model":"vertex/claude-opus-4-5@20251101","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"Hi"}]}""", true)]
    [InlineData("/v1/responses", """{"model":"vertex/claude-opus-4-5@20251101","max_output_tokens":9,"input":"Hi"}""", false)]
    [InlineData("/v1/responses", """{"model":"vertex/claude-opus-4-5@20251101","max_output_tokens":9,"stream":true,"input":"Hi"}""", true)]
    [InlineData("/v1beta/models/vertex/claude-opus-4-5@20251101:generateContent", """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":9}}""", false)]
    [InlineData("/v1beta/models/vertex/claude-opus-4-5@20251101:streamGenerateContent?alt=sse", """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":9}}""", true)]
    [InlineData("/api/chat", """{"model":"vertex/claude-opus-4-5@20251101","stream":false,"options":{"num_predict":9},"messages":[{"role":"user","content":"Hi"}]}""", false)]
    public async Task Claude_FromOtherClients_IsTranslated(string path, string body, bool stream)
    {
        await using var fake = await FakeUpstream.StartAsync(_ => stream ? FakeAnswer.Events(Events) : FakeAnswer.Json(Message));
        await fake.GatewayAsync(Provider);

        using var answer = await fake.PostJsonAsync(path, body);
        string text = await TextAsync(answer);

        text.ShouldContain("Hello");
        Header(answer, "x-sluice-lane").ShouldBe("translated");
        Header(answer, "x-sluice-dropped").ShouldBeNull();
        var sent = fake.Requests.ShouldHaveSingleItem();
        sent.Target.ShouldBe($"{Base}/publishers/anthropic/models/claude-opus-4-5@20251101:{(stream ? "streamRawPredict" : "rawPredict")}");
        string expected = """{"anthropic_version":"vertex-2023-10-16","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]STREAM}""".Replace("STREAM", stream ? ",\"stream\":true" : "", StringComparison.Ordinal);
        JsonAssert.Difference(expected, sent.Text).ShouldBeNull();
    }

    [Fact]
    public async Task Betas_ThatVertexRefuses_AreLeftOutAndTold()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Message));
        await fake.GatewayAsync(Provider);

        using var answer = await fake.PostJsonAsync(
            "/v1/messages",
            """{"model":"vertex/claude-opus-4-5","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""",
            ("anthropic-beta", "claude-code-20250219,interleaved-thinking-2025-05-14, advanced-tool-use-2025-11-20,files-api-2025-04-14"));

        fake.Requests.ShouldHaveSingleItem().Headers["anthropic-beta"].ShouldBe("interleaved-thinking-2025-05-14,tool-search-tool-2025-10-19");
        Header(answer, "x-sluice-dropped").ShouldBe("anthropic-beta.files-api-2025-04-14");
    }

    [Theory]
    [InlineData("/v1/messages/count_tokens", """{"model":"vertex/anthropic/claude-opus-4-5@20251101","messages":[{"role":"user","content":"Hi"}]}""", "input_tokens")]
    [InlineData("/v1beta/models/vertex/claude-opus-4-5@20251101:countTokens", """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""", "totalTokens")]
    public async Task Count_OfClaude_IsTheVendors(string path, string body, string member)
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"input_tokens":14}"""));
        await fake.GatewayAsync(Provider);

        using var answer = await fake.PostJsonAsync(path, body);

        (await JsonAsync(answer)).GetProperty(member).GetInt64().ShouldBe(14);
        var sent = fake.Requests.ShouldHaveSingleItem();
        sent.Target.ShouldBe($"{Base}/publishers/anthropic/models/count-tokens:rawPredict");
        JsonAssert.Difference("""{"model":"claude-opus-4-5@20251101","anthropic_version":"vertex-2023-10-16","messages":[{"role":"user","content":"Hi"}]}""", sent.Text).ShouldBeNull();
    }

    [Fact]
    public async Task Count_OfAModelWhosePublisherHasNone_IsAnEstimateThatSaysSo()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("{}", 404));
        await fake.GatewayAsync(Provider);

        using var answer = await fake.PostJsonAsync("/v1/messages/count_tokens", """{"model":"vertex/meta/llama-4-maverick-17b-128e-instruct-maas","messages":[{"role":"user","content":"Hi"}]}""");

        (await JsonAsync(answer)).GetProperty("input_tokens").GetInt64().ShouldBeGreaterThan(0);
        Header(answer, "x-sluice-estimated").ShouldNotBeNull();
        fake.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("vertex/mistralai/mistral-medium-3", "/publishers/mistralai/models/mistral-medium-3:rawPredict", "mistral-medium-3")]
    [InlineData("vertex/codestral-2", "/publishers/mistralai/models/codestral-2:rawPredict", "codestral-2")]
    [InlineData("vertex/meta/llama-4-maverick-17b-128e-instruct-maas", "/endpoints/openapi/chat/completions", "meta/llama-4-maverick-17b-128e-instruct-maas")]
    [InlineData("vertex/publishers/deepseek-ai/models/deepseek-r1-0528-maas", "/endpoints/openapi/chat/completions", "deepseek-ai/deepseek-r1-0528-maas")]
    public async Task OtherPublishers_AreAskedTheirWay(string model, string path, string name)
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Completion));
        await fake.GatewayAsync(Provider);

        using var answer = await fake.PostJsonAsync("/v1/messages", $$"""{"model":"{{model}}","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""");
        using var same = await fake.ChatAsync(model);

        (await TextAsync(answer)).ShouldContain("Hello");
        (await TextAsync(same)).ShouldContain("Hello");
        fake.Requests.Count.ShouldBe(2);
        fake.Requests.ShouldAllBe(r => r.Target == Base + path);
        foreach (var sent in fake.Requests) System.Text.Json.JsonDocument.Parse(sent.Text).RootElement.GetProperty("model").GetString().ShouldBe(name);
    }

    [Fact]
    public async Task Embeddings_OfAModelThatHasNone_AreRefusedInWords()
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("{}"));
        await fake.GatewayAsync(Provider);

        using var answer = await fake.PostJsonAsync("/v1/embeddings", """{"model":"vertex/claude-opus-4-5","input":"a"}""");

        ((int)answer.StatusCode).ShouldBe(400);
        (await TextAsync(answer)).ShouldContain("model 'claude-opus-4-5' of provider 'vertex' has no embeddings");
        fake.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(404, """{"error":{"code":404,"message":"Publisher Model `claude-x` was not found","status":"NOT_FOUND"}}""")]
    [InlineData(400, """{"type":"error","error":{"type":"invalid_request_error","message":"Publisher Model `claude-x` was not found"}}""")]
    [InlineData(429, """[{"error":{"code":429,"message":"Publisher Model `claude-x` was not found","status":"RESOURCE_EXHAUSTED"}}]""")]
    public async Task Error_OfGoogleOrOfAnthropic_KeepsItsStatusAndWords(int status, string body)
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(body, status));
        await fake.GatewayAsync(Provider);

        using var answer = await fake.PostJsonAsync("/v1/messages", """{"model":"vertex/claude-x","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""");
        var json = await JsonAsync(answer);

        ((int)answer.StatusCode).ShouldBe(status);
        json.GetProperty("type").GetString().ShouldBe("error");
        json.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNull().ShouldContain("Publisher Model `claude-x` was not found");
    }
}
