using System.Net;
using System.Text;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>A stop: ready turns false, no new calls, open ones finish within the grace, the rest end with an error in their dialect.</summary>
public sealed class ShutdownTests
{
    public static TheoryData<string> AllDialects => [.. Dialects];

    [Fact]
    public async Task Stop_LetsAnOpenStreamFinish_AndTakesNoNewCalls()
    {
        var release = new TaskCompletionSource();
        await using var upstream = await FakeUpstream.StartAsync(_ => Streaming(release.Task));
        await StartAsync(upstream, "shutdown_grace: 20s");
        using var answer = await OpenAsync(upstream, "openai-chat");

        var stop = upstream.StopAsync();
        using var ready = await upstream.Client.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        using var late = await upstream.ChatAsync("one/m");
        release.SetResult();
        string text = await TextAsync(answer);
        await stop.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        late.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        late.Headers.RetryAfter.ShouldNotBeNull();
        text.ShouldContain("[DONE]");
        text.ShouldNotContain("error");
    }

    [Theory]
    [MemberData(nameof(AllDialects))]
    public async Task Stop_AfterTheGrace_EndsAnOpenStreamWithAnError(string dialect)
    {
        var never = new TaskCompletionSource();
        await using var upstream = await FakeUpstream.StartAsync(_ => Streaming(never.Task));
        await StartAsync(upstream, "shutdown_grace: 50ms");
        using var answer = await OpenAsync(upstream, dialect);

        var stop = upstream.StopAsync();
        string text = await TextAsync(answer);
        await stop.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        never.SetResult();

        text.ShouldContain("the gateway is being stopped");
        text.ShouldNotContain("[DONE]");
        text.ShouldNotContain("message_stop");
        text.ShouldNotContain("\"done\":true");
    }

    [Fact]
    public async Task Stop_AfterTheGrace_EndsWaitsToo()
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"error":{"message":"slow down"}}""", 429) with { Headers = new Dictionary<string, string> { ["Retry-After"] = "25" } });
        await StartAsync(upstream, "shutdown_grace: 50ms");
        var call = upstream.ChatAsync("one/m");
        while (upstream.Requests.Count == 0) await Task.Delay(5, TestContext.Current.CancellationToken);

        await upstream.StopAsync().WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

        using var answer = await call;
        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    private static Task StartAsync(FakeUpstream upstream, string server) => upstream.GatewayAsync("""providers: { one: { type: openai, base_url: "URL/v1", api_key: k } }""", server: server);

    private static async Task<HttpResponseMessage> OpenAsync(FakeUpstream upstream, string dialect)
    {
        var (path, body) = Ask(dialect, "one/m", "Hi", stream: true);
        var answer = await upstream.Client.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") }, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return answer;
    }

    private static FakeAnswer Streaming(Task release)
    {
        byte[] first = Encoding.UTF8.GetBytes("data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":null}]}\n\n");
        byte[] last = Encoding.UTF8.GetBytes("data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
        return new FakeAnswer(200, "text/event-stream", first) 
        {
            Rest = async (body, aborted) =>
            {
                await release.WaitAsync(aborted);
                await body.WriteAsync(last, aborted);
                return true;
            },
        };
    }
}
