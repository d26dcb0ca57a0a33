using System.Net;
using System.Text;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Upstream answers that no client could use: redirects, errors under status 200, numbers that JSON does not have, events that are no JSON.</summary>
public sealed class UnusableAnswerTests
{
    private const string Settings = """
        defaults: { retry: { max_attempts: 1 }, breaker: { enabled: false } }
        providers:
          openai-chat: { type: openai-compatible, base_url: "URL/v1", api_key: test, formats: [openai-chat] }
          openai-responses: { type: openai-compatible, base_url: "URL/v1", api_key: test, formats: [openai-responses] }
          anthropic-messages: { type: anthropic, base_url: "URL", api_key: test }
          gemini-generate: { type: gemini, base_url: "URL", api_key: test }
          ollama-chat: { type: ollama, base_url: "URL" }
          embeddings: { type: openai-compatible, base_url: "URL/v1", api_key: test }
        """;

    // A provider of OpenAI's kind always speaks Chat Completions too, and calls of that dialect go there.
    private static IEnumerable<string> Others(string upstream) => upstream switch { "openai-chat" => Dialects, "openai-responses" => [upstream], _ => ["openai-chat", upstream] };

    private static IEnumerable<TheoryDataRow<string, string, bool>> All => from upstream in Dialects from dialect in Others(upstream) from stream in new[] { false, true } select new TheoryDataRow<string, string, bool>(upstream, dialect, stream);

    public static IEnumerable<TheoryDataRow<string, string, bool>> Ways => All;

    public static IEnumerable<TheoryDataRow<string, string>> Streams => from upstream in Dialects from dialect in Others(upstream) select new TheoryDataRow<string, string>(upstream, dialect);

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task StatusThatIsNoAnswer_IsABadGateway(string upstream, string dialect, bool stream)
    {
        foreach (int status in new[] { 301, 302, 304, 307, 308, 600 })
        {
            var fake = new FakeAnswer(status, "text/html", status == 304 ? [] : "<a href=\"/login\">moved</a>"u8.ToArray()) with { Headers = new Dictionary<string, string> { ["Location"] = "/elsewhere?token=SECRET" } };
            var (answer, text, requests) = await AskAsync(fake, upstream, dialect, stream);
            answer.ShouldBe(HttpStatusCode.BadGateway, $"{status}: {text}");
            text.ShouldContain($"status {status}");
            text.ShouldNotContain("SECRET");
            requests.ShouldBe(1);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task ErrorUnderStatus200_IsABadGateway(string upstream, string dialect, bool stream)
    {
        string body = upstream switch
        {
            "anthropic-messages" => """{"type":"error","error":{"type":"api_error","message":"it broke"}}""",
            "ollama-chat" => """{"error":"it broke"}""",
            "gemini-generate" => """{"error":{"code":500,"message":"it broke","status":"INTERNAL"}}""",
            _ => """{"error":{"message":"it broke","type":"server_error","code":null}}""",
        };
        foreach (var fake in new[] { FakeAnswer.Json(body), Streamed(upstream, body) })
        {
            if (!stream && fake.Type != "application/json") continue;
            var (answer, text, _) = await AskAsync(fake, upstream, dialect, stream);
            answer.ShouldBe(HttpStatusCode.BadGateway, text);
            text.ShouldContain("it broke");
        }
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("nul")]
    [InlineData("{]")]
    [InlineData("1,")]
    public async Task WholeAnswer_ThatIsNoJson_IsABadGateway(string value)
    {
        foreach (string upstream in Dialects)
        {
            foreach (string dialect in Others(upstream))
            {
                foreach (bool usage in new[] { true, false })
                {
                    var (answer, text, _) = await AskAsync(FakeAnswer.Json(Whole(upstream, usage, $",\"score\":{value}")), upstream, dialect, false);
                    answer.ShouldBe(HttpStatusCode.BadGateway, $"{upstream} -> {dialect}: {text}");
                }
                var (good, said, _) = await AskAsync(FakeAnswer.Json(Whole(upstream, true, ",\"score\":1.5")), upstream, dialect, false);
                good.ShouldBe(HttpStatusCode.OK, said);
            }
        }
        var (embedded, words, _) = await AskAsync(FakeAnswer.Json($$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,{{value}}]}],"model":"m"}"""), "embeddings", "embeddings", false);
        embedded.ShouldBe(HttpStatusCode.BadGateway, words);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task StreamedEvent_ThatIsNoJson_EndsInAnError(string upstream, string dialect)
    {
        string[] events = Events(upstream);
        // What is wrong inside of a piece that passes by is the provider's word: such pieces are not read.
        string[] inside = upstream == dialect ? [] : [events[^1].Replace(":", ":NaN ", StringComparison.Ordinal), "{\"a\":}"];
        foreach (string broken in (string[])[events[1][..^3], "<html>", .. inside])
        {
            // Before the first content another target could still answer: a status. After it, the error is the stream's last word.
            var (early, first, _) = await AskAsync(Streamed(upstream, [broken, .. events]), upstream, dialect, true);
            early.ShouldBe(HttpStatusCode.BadGateway, first);
            var gone = new TaskCompletionSource();
            var fake = Streamed(upstream, [.. events[..^1]]) with
            {
                Rest = async (output, cancelled) =>
                {
                    await gone.Task.WaitAsync(cancelled);
                    await output.WriteAsync(Streamed(upstream, [broken, events[^1]]).Body, cancelled);
                    return true;
                },
            };
            var (late, text, _) = await AskAsync(fake, upstream, dialect, true, () => gone.TrySetResult());
            late.ShouldBe(HttpStatusCode.OK);
            text.ShouldContain("Hello");
            text.Split('\n').ShouldNotContain(line => line == broken || line == "data: " + broken);
            text.ShouldContain("error");
            text.ShouldContain("JSON");
        }
    }

    private static async Task<(HttpStatusCode Status, string Text, int Requests)> AskAsync(FakeAnswer fake, string upstream, string dialect, bool stream, Action? begun = null)
    {
        await using var server = await FakeUpstream.StartAsync(request => request.Method == "POST" ? fake : FakeAnswer.Json("{}"));
        await server.GatewayAsync(Settings);
        var (path, body) = dialect == "embeddings" ? ("/v1/embeddings", $$"""{"model":"{{upstream}}/m","input":"Hi"}""") : Ask(dialect, upstream + "/m", "Hi", stream);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        begun?.Invoke();
        return (answer.StatusCode, await TextAsync(answer), server.Requests.Count(r => r.Method == "POST"));
    }

    private static FakeAnswer Streamed(string upstream, params string[] events) => upstream == "ollama-chat"
        ? new FakeAnswer(200, "application/x-ndjson", Encoding.UTF8.GetBytes(string.Concat(events.Select(e => e + "\n"))))
        : FakeAnswer.Events(string.Concat(events.Select(e => $"data: {e}\n\n")));

    private static string Whole(string upstream, bool usage, string more) => upstream switch
    {
        "openai-chat" => $$"""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}]{{(usage ? ",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}" : "")}}{{more}}}""",
        "openai-responses" => $$"""{"id":"r","object":"response","created_at":1,"status":"completed","model":"m","output":[{"type":"message","id":"m1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hello","annotations":[]}]}]{{(usage ? ",\"usage\":{\"input_tokens\":1,\"output_tokens\":1,\"total_tokens\":2}" : "")}}{{more}}}""",
        "anthropic-messages" => $$"""{"id":"a","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn"{{(usage ? ",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}" : "")}}{{more}}}""",
        "gemini-generate" => $$"""{"candidates":[{"content":{"role":"model","parts":[{"text":"Hello"}]},"finishReason":"STOP"}]{{(usage ? ",\"usageMetadata\":{\"promptTokenCount\":1,\"candidatesTokenCount\":1}" : "")}}{{more}}}""",
        _ => $$"""{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"Hello"},"done":true,"done_reason":"stop"{{(usage ? ",\"prompt_eval_count\":1,\"eval_count\":1" : "")}}{{more}}}""",
    };

    private static string[] Events(string upstream) => upstream switch
    {
        "openai-chat" =>
        [
            """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hello"},"finish_reason":null}]}""",
            """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":" you"},"finish_reason":null}]}""",
            """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
        ],
        "openai-responses" =>
        [
            """{"type":"response.created","sequence_number":0,"response":{"id":"r","object":"response","created_at":1,"status":"in_progress","model":"m","output":[]}}""",
            """{"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"type":"message","id":"m1","role":"assistant","status":"in_progress","content":[]}}""",
            """{"type":"response.content_part.added","sequence_number":2,"item_id":"m1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}""",
            """{"type":"response.output_text.delta","sequence_number":3,"item_id":"m1","output_index":0,"content_index":0,"delta":"Hello"}""",
            """{"type":"response.output_text.delta","sequence_number":4,"item_id":"m1","output_index":0,"content_index":0,"delta":" you"}""",
        ],
        "anthropic-messages" =>
        [
            """{"type":"message_start","message":{"id":"a","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"usage":{"input_tokens":1,"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" you"}}""",
        ],
        "gemini-generate" =>
        [
            """{"candidates":[{"content":{"role":"model","parts":[{"text":"Hello"}]},"index":0}]}""",
            """{"candidates":[{"content":{"role":"model","parts":[{"text":" you"}]},"index":0}]}""",
            """{"candidates":[{"content":{"role":"model","parts":[{"text":"!"}]},"finishReason":"STOP","index":0}]}""",
        ],
        _ =>
        [
            """{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"Hello"},"done":false}""",
            """{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":" you"},"done":false}""",
            """{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}""",
        ],
    };
}
