using System.Net;
using System.Text;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>An answer of 200 that says nothing is a failed attempt on every lane: the next target answers, and where there is none the client gets a 5xx.</summary>
public sealed class EmptyAnswerTests
{
    private const string Settings = """
        providers:
          a: { type: openai-compatible, base_url: URL/a, models: [m] }
          b: { type: openai-compatible, base_url: URL/b, models: [m] }
          c: { type: anthropic, base_url: URL/c, api_key: k, models: [m] }
          g: { type: gemini, base_url: URL/g, api_key: k, models: [m] }
          o: { type: ollama, base_url: URL/o, models: [m] }
        defaults: { retry: { max_attempts: 1 } }
        models:
          chat: { strategy: fallback, targets: [a/m, b/m] }
          messages: { strategy: fallback, targets: [c/m, b/m] }
          gemini: { strategy: fallback, targets: [g/m, b/m] }
          ollama: { strategy: fallback, targets: [o/m, b/m] }
        """;

    public static TheoryData<string, string, bool, string> Nothings
    {
        get
        {
            var all = new TheoryData<string, string, bool, string>();
            foreach (string dialect in Dialects)
            {
                all.Add(dialect, "chat", false, """{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[],"usage":null}""");
                all.Add(dialect, "chat", false, "{}");
                all.Add(dialect, "chat", false, "");
                all.Add(dialect, "chat", true, "data: [DONE]\n\n");
                all.Add(dialect, "chat", true, "");
                all.Add(dialect, "chat", true, "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\ndata: [DONE]\n\n");
                all.Add(dialect, "messages", false, """{"id":"m","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"usage":{"input_tokens":5,"output_tokens":0}}""");
                all.Add(dialect, "messages", true, "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[]}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
                all.Add(dialect, "gemini", false, """{"candidates":[],"usageMetadata":{"promptTokenCount":5}}""");
                all.Add(dialect, "gemini", true, "data: {\"candidates\":[]}\n\n");
                all.Add(dialect, "ollama", false, """{"model":"m","message":{"role":"assistant","content":""},"done":true}""");
                all.Add(dialect, "ollama", true, "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true}\n");
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Nothings))]
    public async Task Answer_ThatSaysNothing_IsAFailedAttempt(string dialect, string route, bool stream, string nothing)
    {
        await using var upstream = await FakeUpstream.StartAsync(request => request.Target.StartsWith("/b/", StringComparison.Ordinal) ? Second(stream) : First(route, stream, nothing));
        await upstream.GatewayAsync(Settings);

        using var replaced = await PostAsync(upstream, dialect, route, stream);
        replaced.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await TextAsync(replaced)).ShouldContain("SECOND");
        Header(replaced, "x-sluice-attempts").ShouldBe("2");

        string alone = route switch { "messages" => "c/m", "gemini" => "g/m", "ollama" => "o/m", _ => "a/m" };
        using var failed = await PostAsync(upstream, dialect, alone, stream);
        ((int)failed.StatusCode).ShouldBeGreaterThanOrEqualTo(500);
    }

    private static async Task<HttpResponseMessage> PostAsync(FakeUpstream upstream, string dialect, string model, bool stream)
    {
        var (path, body) = Ask(dialect, model, "Hi", stream);
        return await upstream.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
    }

    private static FakeAnswer First(string route, bool stream, string body) =>
        new(200, !stream ? "application/json" : route == "ollama" ? "application/x-ndjson" : "text/event-stream", Encoding.UTF8.GetBytes(body));

    private static FakeAnswer Second(bool stream) => stream
        ? FakeAnswer.Events("data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"SECOND\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
        : FakeAnswer.Json("""{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"SECOND"},"finish_reason":"stop"}]}""");
}
