using System.Net;
using System.Text;
using Sluice.Gateway.Hosting;
using Sluice.TestKit;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Streams whose upstream is silent: clients that know pings get one every 15 s, before the first content too, and another target may still answer then.</summary>
public sealed class PingTests
{
    private const string Settings = """
        defaults: { timeout: { first_token: 24h, idle: 24h, total: 24h }, retry: { max_attempts: 1 }, breaker: { enabled: false } }
        providers:
          one: { type: openai-compatible, base_url: "URL/one/v1", api_key: test, formats: [openai-chat] }
          two: { type: openai-compatible, base_url: "URL/two/v1", api_key: test, formats: [openai-chat] }
          claude: { type: anthropic, base_url: "URL", api_key: test }
        models: { pair: { strategy: fallback, targets: [one/m, two/m] } }
        """;

    private const string Chat = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":null}]}\n\n";
    private const string ChatEnd = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    private const string Claude = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"a\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\n\nevent: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\nevent: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello\"}}\n\n";
    private const string ClaudeEnd = "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\nevent: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    [Theory]
    [InlineData("openai-chat", "one/m", ": ping")]
    [InlineData("openai-chat", "claude/m", ": ping")]
    [InlineData("openai-responses", "one/m", ": ping")]
    [InlineData("anthropic-messages", "one/m", "event: ping")]
    [InlineData("anthropic-messages", "claude/m", "event: ping")]
    public async Task Silence_AfterContent_IsFilled(string dialect, string model, string ping)
    {
        var time = new ManualTime();
        var rest = new TaskCompletionSource();
        bool isClaude = model.StartsWith("claude", StringComparison.Ordinal);
        await using var upstream = await FakeUpstream.StartAsync(_ => Later(isClaude ? Claude : Chat, rest.Task, isClaude ? ClaudeEnd : ChatEnd));
        await upstream.GatewayAsync(Settings, new GatewayHostOptions { Time = time });
        using var answer = await SendAsync(upstream, dialect, model);
        Header(answer, "x-sluice-provider").ShouldBe(model.Split('/')[0]);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        for (int i = 0; i < 3; i++) await UntilAsync(reader, ping, time);
        rest.SetResult();
        string end = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        end.ShouldNotContain("ping\n\n: ping");
        end.ShouldContain(dialect switch { "openai-chat" => "[DONE]", "openai-responses" => "response.completed", _ => "message_stop" });
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("openai-responses")]
    [InlineData("anthropic-messages")]
    [InlineData("gemini-generate")]
    [InlineData("ollama-chat")]
    public async Task LessSilence_OrADialectWithoutPings_GetsNone(string dialect)
    {
        var time = new ManualTime();
        var (asked, rest) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var upstream = await FakeUpstream.StartAsync(_ => Later(Chat, rest.Task, ChatEnd, asked));
        await upstream.GatewayAsync(Settings, new GatewayHostOptions { Time = time });
        var sending = SendAsync(upstream, dialect, "one/m");
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(dialect is "gemini-generate" or "ollama-chat" ? 100 : 14));
        rest.SetResult();
        using var answer = await sending;
        (await TextAsync(answer)).ShouldNotContain("ping");
    }

    [Theory]
    [InlineData("openai-chat", ": ping")]
    [InlineData("openai-responses", ": ping")]
    [InlineData("anthropic-messages", "event: ping")]
    public async Task Silence_BeforeContent_IsFilled_AndAnotherTargetMayAnswer(string dialect, string ping)
    {
        var time = new ManualTime();
        var refuse = new TaskCompletionSource();
        await using var upstream = await FakeUpstream.StartAsync(async request =>
        {
            if (request.Target.StartsWith("/two", StringComparison.Ordinal)) return FakeAnswer.Events(Chat + ChatEnd);
            await refuse.Task;
            return FakeAnswer.Json("""{"error":{"message":"overloaded"}}""", 503);
        });
        await upstream.GatewayAsync(Settings, new GatewayHostOptions { Time = time });
        var (answer, reader) = await OpenAsync(upstream, dialect, "pair", ping, time);
        using (answer)
        using (reader)
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
            Header(answer, "x-request-id").ShouldNotBeNull();
            Header(answer, "x-sluice-provider").ShouldBeNull();
            refuse.SetResult();
            string text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            text.ShouldContain("Hello");
            text.ShouldNotContain("overloaded");
            text.ShouldContain(dialect switch { "openai-chat" => "[DONE]", "openai-responses" => "response.completed", _ => "message_stop" });
        }
    }

    [Theory]
    [InlineData("openai-chat", ": ping")]
    [InlineData("openai-responses", ": ping")]
    [InlineData("anthropic-messages", "event: ping")]
    public async Task Failure_AfterAPing_IsTheStreamsLastWord(string dialect, string ping)
    {
        var time = new ManualTime();
        var refuse = new TaskCompletionSource();
        await using var upstream = await FakeUpstream.StartAsync(async _ =>
        {
            await refuse.Task;
            return FakeAnswer.Json("""{"error":{"message":"no more for you","type":"invalid_request_error"}}""", 400);
        });
        await upstream.GatewayAsync(Settings, new GatewayHostOptions { Time = time });
        var (answer, reader) = await OpenAsync(upstream, dialect, "one/m", ping, time);
        using (answer)
        using (reader)
        {
            refuse.SetResult();
            string text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            text.ShouldContain("no more for you");
            text.ShouldContain(dialect == "openai-chat" ? "data: {\"error\"" : "event: error");
            text.ShouldNotContain("[DONE]");
        }
    }

    private static FakeAnswer Later(string begin, Task rest, string end, TaskCompletionSource? asked = null)
    {
        asked?.TrySetResult();
        return FakeAnswer.Events(begin) with
        {
            Rest = async (output, cancelled) =>
            {
                await rest.WaitAsync(cancelled);
                await output.WriteAsync(Encoding.UTF8.GetBytes(end), cancelled);
                return true;
            },
        };
    }

    private static Task<HttpResponseMessage> SendAsync(FakeUpstream upstream, string dialect, string model)
    {
        var (path, body) = Ask(dialect, model, "Hi", stream: true);
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return upstream.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    // The answer's head comes with the first ping.
    private static async Task<(HttpResponseMessage Answer, StreamReader Reader)> OpenAsync(FakeUpstream upstream, string dialect, string model, string ping, ManualTime time)
    {
        var sending = SendAsync(upstream, dialect, model);
        var answer = await WhileTimeGoesOnAsync(sending, time);
        var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await UntilAsync(reader, ping, time);
        return (answer, reader);
    }

    private static async Task UntilAsync(StreamReader reader, string line, ManualTime time)
    {
        while (await WhileTimeGoesOnAsync(reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask(), time) is { } read)
        {
            if (read == line) return;
        }
        throw new InvalidOperationException("the stream has ended");
    }

    // The gateway may still be on its way to the wait in which pings are sent: the clock goes on until it is there.
    private static async Task<T> WhileTimeGoesOnAsync<T>(Task<T> awaited, ManualTime time)
    {
        while (!awaited.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(awaited, Task.Delay(2, TestContext.Current.CancellationToken));
        }
        return await awaited;
    }
}
