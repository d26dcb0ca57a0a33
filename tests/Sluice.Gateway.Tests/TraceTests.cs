using System.Diagnostics;
using System.Net;
using System.Text.Json;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Spans of calls and attempts, and the trace context in and out.</summary>
public sealed class TraceTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    private const string Answer = """{"id":"chatcmpl-7","object":"chat.completion","model":"answered-1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12,"prompt_tokens_details":{"cached_tokens":4}}}""";

    [Fact]
    public async Task Call_WithATraceContext_GoesOnWithIt_InAndOut()
    {
        using var spans = new SpanRecorder();
        await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Answer));
        await upstream.GatewayAsync("""providers: { lab: { type: openai, base_url: "URL/v1", api_key: test, models: [m] } }""");
        var (trace, parent, header) = SpanRecorder.NewTrace();

        using var answer = await SendAsync(upstream, "lab/m", ("traceparent", header), ("tracestate", "vendor=1"), ("baggage", "secret=planted"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);

        var (call, attempts) = await spans.OfAsync(trace);
        call.ParentSpanId.ToHexString().ShouldBe(parent);
        call.DisplayName.ShouldBe("chat lab/m");
        var attempt = attempts.ShouldHaveSingleItem();
        attempt.ParentSpanId.ShouldBe(call.SpanId);
        attempt.DisplayName.ShouldBe("chat m");
        var sent = upstream.Requests.Single().Headers;
        sent["traceparent"].ShouldBe($"00-{trace}-{attempt.SpanId.ToHexString()}-01");
        sent["tracestate"].ShouldBe("vendor=1");
        sent.ContainsKey("baggage").ShouldBeFalse();
        string.Join(' ', Tags(call).Concat(Tags(attempt)).Select(t => $"{t.Key}={t.Value}")).ShouldNotContain("planted");
    }

    [Fact]
    public async Task Attempt_HasTheAttributesOfTheConventions()
    {
        using var spans = new SpanRecorder();
        await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Answer));
        await upstream.GatewayAsync("""providers: { lab: { type: mistral, base_url: "URL/v1", api_key: test, models: [m] } }""");
        var (trace, _, header) = SpanRecorder.NewTrace();

        using var answer = await SendAsync(upstream, "lab/m", ("traceparent", header));

        var tags = Tags((await spans.OfAsync(trace)).Attempts.Single());
        tags["gen_ai.operation.name"].ShouldBe("chat");
        tags["gen_ai.provider.name"].ShouldBe("mistral_ai");
        tags["sluice.provider"].ShouldBe("lab");
        tags["gen_ai.request.model"].ShouldBe("m");
        tags["gen_ai.response.model"].ShouldBe("answered-1");
        tags["gen_ai.response.id"].ShouldBe("chatcmpl-7");
        tags["gen_ai.response.finish_reasons"].ShouldBe(new[] { "stop" });
        tags["gen_ai.usage.input_tokens"].ShouldBe(9L);
        tags["gen_ai.usage.output_tokens"].ShouldBe(3L);
        tags["gen_ai.usage.cache_read.input_tokens"].ShouldBe(4L);
        tags["http.response.status_code"].ShouldBe(200);
        tags["server.address"].ShouldBe("127.0.0.1");
        tags["server.port"].ShouldBe(new Uri(upstream.Address).Port);
        tags.ContainsKey("gen_ai.input.messages").ShouldBeFalse();
        tags.ContainsKey("gen_ai.output.messages").ShouldBeFalse();
    }

    [Fact]
    public async Task FailedAttempt_HasItsError_AndTheNextIsItsSister()
    {
        using var spans = new SpanRecorder();
        await using var upstream = await FakeUpstream.StartAsync(r => r.Text.Contains("\"bad\"", StringComparison.Ordinal)
            ? FakeAnswer.Json("""{"error":{"message":"no such key: sk-planted0123456789","type":"invalid_request_error"}}""", 401)
            : FakeAnswer.Json(Answer));
        await upstream.GatewayAsync(
            """
            providers: { lab: { type: openai, base_url: "URL/v1", api_key: test, models: [bad, good] } }
            models: { pair: { strategy: fallback, targets: [lab/bad, lab/good] } }
            """);
        var (trace, _, header) = SpanRecorder.NewTrace();

        using var answer = await SendAsync(upstream, "pair", ("traceparent", header));

        var (call, attempts) = await spans.OfAsync(trace);
        attempts.Select(a => a.ParentSpanId).ShouldAllBe(id => id == call.SpanId);
        attempts.Select(a => a.Status).ShouldBe([ActivityStatusCode.Error, ActivityStatusCode.Unset]);
        Tags(attempts[0])["error.type"].ShouldBe("authentication");
        Tags(attempts[0])["http.response.status_code"].ShouldBe(401);
        attempts[0].StatusDescription.ShouldNotBeNull().ShouldContain("***");
        attempts[0].StatusDescription!.ShouldNotContain("planted");
        call.Status.ShouldBe(ActivityStatusCode.Unset);
        Tags(call)["sluice.route"].ShouldBe("pair");
        Tags(call)["sluice.attempts"].ShouldBe(2);
    }

    [Theory]
    [InlineData("sim-openai")]
    [InlineData("sim-anthropic")]
    [InlineData("sim-gemini")]
    [InlineData("sim-ollama")]
    public async Task Stream_InEveryLane_TellsWhyItEndedAndWhatItUsed(string provider)
    {
        using var spans = new SpanRecorder();
        var (trace, _, header) = SpanRecorder.NewTrace();
        var (path, body) = Ask("openai-chat", $"{provider}/large", "Hello there", stream: true);

        using var answer = await gateway.PostAsync(path, body, ("traceparent", header));
        await TextAsync(answer);

        var tags = Tags((await spans.OfAsync(trace)).Attempts.Single());
        tags["gen_ai.response.finish_reasons"].ShouldBe(new[] { "stop" });
        ((long)tags["gen_ai.usage.output_tokens"]!).ShouldBePositive();
        ((double)tags["gen_ai.response.time_to_first_chunk"]!).ShouldBePositive();
        tags["gen_ai.request.stream"].ShouldBe(true);
    }

    [Theory]
    [InlineData("openai", false)]
    [InlineData("openai", true)]
    [InlineData("anthropic", false)]
    [InlineData("anthropic", true)]
    public async Task Content_IsInSpansOnlyWhenSwitchedOn_AndMasked(string type, bool stream)
    {
        using var spans = new SpanRecorder();
        await using var host = await SimulatedHost.StartAsync(gateway.Simulator, $"telemetry: {{ content: true }}\nproviders: {{ sim: {{ type: {type}, base_url: \"URL/{type}{(type == "openai" ? "/v1" : "")}\", api_key: test }} }}");
        var (trace, _, header) = SpanRecorder.NewTrace();
        var (path, body) = Ask("openai-chat", "sim/large", "My key is sk-planted0123456789abc", stream);

        using var answer = await host.PostAsync(path, body, ("traceparent", header));
        await TextAsync(answer);

        var tags = Tags((await spans.OfAsync(trace)).Attempts.Single());
        string input = (string)tags["gen_ai.input.messages"]!;
        JsonDocument.Parse(input).RootElement[0].GetProperty("parts")[0].GetProperty("content").GetString().ShouldBe("My key is ***");
        var output = JsonDocument.Parse((string)tags["gen_ai.output.messages"]!).RootElement[0];
        output.GetProperty("role").GetString().ShouldBe("assistant");
        output.GetProperty("finish_reason").GetString().ShouldBe("stop");
        output.GetProperty("parts")[0].GetProperty("content").GetString().ShouldNotBeNullOrEmpty();
    }

    private static Dictionary<string, object?> Tags(Activity span) => span.TagObjects.ToDictionary();

    private static Task<HttpResponseMessage> SendAsync(FakeUpstream upstream, string model, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent($$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hi"}]}""", System.Text.Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return upstream.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
