using System.Net;
using System.Text;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>What is told of paths that are not there, of wrong methods and of WebSockets; whether to try again, and under which id to ask.</summary>
public sealed class EndpointErrorTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    [Theory]
    [InlineData("POST", "/v1/nothing", "\"code\":\"unknown_endpoint\"")]
    [InlineData("GET", "/nothing", "\"code\":\"unknown_endpoint\"")]
    [InlineData("POST", "/v1/responses/resp_1/nothing", "\"code\":\"unknown_endpoint\"")]
    [InlineData("POST", "/v1/messages/nothing", "\"type\":\"not_found_error\"")]
    [InlineData("POST", "/v1beta/models/m:predictNothing", "\"status\":\"NOT_FOUND\"")]
    [InlineData("POST", "/v1beta/nothing", "\"status\":\"NOT_FOUND\"")]
    [InlineData("POST", "/api/nothing", "{\"error\":\"there is no endpoint")]
    public async Task MissingEndpoint_IsNoMissingModel(string method, string path, string expected)
    {
        using var answer = await SendAsync(method, path, "{}");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        string text = await TextAsync(answer);
        text.ShouldContain(expected);
        text.ShouldContain("there is no endpoint");
        text.ShouldNotContain("model_not_found");
        Header(answer, "x-request-id").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("openai-chat", "\"code\":\"model_not_found\"")]
    [InlineData("openai-responses", "\"code\":\"model_not_found\"")]
    public async Task MissingModel_IsToldAsBefore(string dialect, string expected)
    {
        var (path, body) = Ask(dialect, "no-such-model", "Hi");
        using var answer = await gateway.PostAsync(path, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await TextAsync(answer)).ShouldContain(expected);
    }

    [Theory]
    [InlineData("GET", "/v1/chat/completions", "POST")]
    [InlineData("GET", "/v1/responses", "POST")]
    [InlineData("PUT", "/v1/messages", "POST")]
    [InlineData("DELETE", "/v1/embeddings", "POST")]
    [InlineData("GET", "/v1beta/models/m:generateContent", "POST")]
    [InlineData("GET", "/api/chat", "POST")]
    [InlineData("OPTIONS", "/v1/messages/count_tokens", "POST")]
    [InlineData("GET", "/api/show", "POST")]
    [InlineData("POST", "/v1/models", "GET, HEAD")]
    [InlineData("DELETE", "/v1/models/gpt", "GET, HEAD")]
    [InlineData("POST", "/v1beta/models", "GET, HEAD")]
    [InlineData("POST", "/api/tags", "GET, HEAD")]
    [InlineData("POST", "/health", "GET, HEAD")]
    [InlineData("PATCH", "/health/live", "GET, HEAD")]
    [InlineData("POST", "/metrics", "GET, HEAD")]
    [InlineData("POST", "/openapi.json", "GET, HEAD")]
    [InlineData("POST", "/", "GET, HEAD")]
    [InlineData("PUT", "/v1/responses/resp_1", "GET, DELETE")]
    [InlineData("GET", "/v1/responses/resp_1/cancel", "POST")]
    [InlineData("POST", "/v1/responses/resp_1/input_items", "GET")]
    public async Task WrongMethod_IsToldTheRightOnes(string method, string path, string allowed)
    {
        using var answer = await SendAsync(method, path, method == "GET" ? null : "{}");
        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        string.Join(", ", answer.Content.Headers.Allow).ShouldBe(allowed);
        (await TextAsync(answer)).ShouldContain("takes " + allowed.Replace(", ", " or ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/v1/responses")]
    [InlineData("/v1/realtime?model=x")]
    [InlineData("/v1/chat/completions")]
    [InlineData("/")]
    public async Task WebSocket_IsToldToUseHttp(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        using var answer = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.UpgradeRequired);
        Header(answer, "Upgrade").ShouldBe("HTTP/1.1");
        Header(answer, "Connection").ShouldNotBeNull().ShouldContain("Upgrade");
        (await TextAsync(answer)).ShouldContain("WebSocket");
    }

    [Theory]
    [InlineData("/health/liveliness")]
    [InlineData("/health/readiness")]
    public async Task Probes_AnswerToLiteLlmsNames(string path)
    {
        using var answer = await gateway.Client.GetAsync(path, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await TextAsync(answer)).ShouldBe(await gateway.Client.GetStringAsync(path == "/health/liveliness" ? "/health/live" : "/health/ready", TestContext.Current.CancellationToken));
    }

    public static IEnumerable<TheoryDataRow<int, string, string?>> Retries
    {
        get
        {
            foreach (int status in new[] { 400, 401, 402, 403, 404, 413, 422 }) yield return new(status, "{\"error\":{\"message\":\"no\"}}", "false");
            foreach (int status in new[] { 408, 429, 500, 502, 503, 504, 529 }) yield return new(status, "{\"error\":{\"message\":\"no\"}}", "true");
            yield return new(429, "{\"error\":{\"message\":\"spent\",\"code\":\"insufficient_quota\"}}", "false");
        }
    }

    [Theory]
    [MemberData(nameof(Retries))]
    public async Task Refusal_SaysWhetherToTryAgain_WhereSdksReadIt(int status, string body, string? expected)
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(body, status));
        await upstream.GatewayAsync(Settings);
        foreach (string dialect in Dialects)
        {
            var (path, ask) = Ask(dialect, "up/m", "Hi");
            using var answer = await upstream.Client.PostAsync(path, new StringContent(ask, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
            Header(answer, "x-should-retry").ShouldBe(dialect is "gemini-generate" or "ollama-chat" ? null : expected, dialect);
        }
    }

    [Theory]
    [InlineData(500, "false")]
    [InlineData(400, "true")]
    public async Task Refusal_OfTheProvider_KeepsItsWord(int status, string told)
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("{\"error\":{\"message\":\"no\"}}", status) with { Headers = new Dictionary<string, string> { ["x-should-retry"] = told } });
        await upstream.GatewayAsync(Settings);
        using var answer = await upstream.ChatAsync("up/m");
        Header(answer, "x-should-retry").ShouldBe(told);
    }

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", false)]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":null}""", false)]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_theirs"}""", true)]
    [InlineData("""{"error":{"message":"other"}}""", false)]
    public async Task AnthropicError_HasTheRequestIdInItsBody(string body, bool isTheirs)
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(body, 503));
        await upstream.GatewayAsync(Settings.Replace("openai-compatible", "anthropic", StringComparison.Ordinal).Replace("/v1", "", StringComparison.Ordinal));
        foreach (string model in new[] { "up/m", "" })
        {
            var (path, ask) = Ask("anthropic-messages", model, "Hi");
            using var answer = await upstream.Client.PostAsync(path, new StringContent(ask, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
            string? expected = isTheirs && model == "up/m" ? "req_theirs" : Header(answer, "request-id");
            expected.ShouldNotBeNull();
            (await JsonAsync(answer)).GetProperty("request_id").GetString().ShouldBe(expected);
        }
        using var missing = await upstream.Client.GetAsync("/v1/messages/nothing", TestContext.Current.CancellationToken);
        (await JsonAsync(missing)).GetProperty("request_id").GetString().ShouldBe(Header(missing, "request-id").ShouldNotBeNull());
    }

    private const string Settings = """
        defaults: { retry: { max_attempts: 1 }, breaker: { enabled: false } }
        providers: { up: { type: openai-compatible, base_url: "URL/v1", api_key: test, formats: [openai-chat] } }
        """;

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        return await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
