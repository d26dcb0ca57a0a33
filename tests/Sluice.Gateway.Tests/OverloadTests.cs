using System.Net;
using System.Text.Json;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>More calls than the gateway may hold at once: some wait, the rest are told to come back, in their own dialect.</summary>
public sealed class OverloadTests
{
    private static readonly FakeAnswer Good = FakeAnswer.Json("""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""");

    public static TheoryData<string> AllDialects => [.. Dialects];

    [Fact]
    public async Task CallsBeyondTheBounds_AreRefused_AndThoseWithinArePassed()
    {
        var release = new TaskCompletionSource();
        await using var upstream = await StartAsync(release.Task, "max_concurrent: 3, max_queue: 2");
        var calls = Enumerable.Range(0, 12).Select(_ => upstream.ChatAsync("one/m")).ToArray();
        for (int i = 0; i < 500 && calls.Count(c => c.IsCompleted) < 7; i++) await Task.Delay(10, TestContext.Current.CancellationToken);
        release.SetResult();

        var answers = await Task.WhenAll(calls);

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(5);
        var refused = answers.Where(a => a.StatusCode == HttpStatusCode.ServiceUnavailable).ToArray();
        refused.Length.ShouldBe(7);
        refused.ShouldAllBe(a => a.Headers.RetryAfter != null);
        (await TextAsync(refused[0])).ShouldContain("server.max_concurrent");
        (await upstream.ChatAsync("one/m")).StatusCode.ShouldBe(HttpStatusCode.OK, "all room is given back");
    }

    [Theory]
    [MemberData(nameof(AllDialects))]
    public async Task Refusal_IsInTheClientsDialect(string dialect)
    {
        var release = new TaskCompletionSource();
        await using var upstream = await StartAsync(release.Task, "max_concurrent: 1, max_queue: 0");
        var first = upstream.ChatAsync("one/m");
        while (upstream.Requests.Count == 0) await Task.Delay(5, TestContext.Current.CancellationToken);
        var (path, body) = Ask(dialect, "one/m", "Hi", stream: true);

        using var answer = await upstream.Client.PostAsync(path, new StringContent(body), TestContext.Current.CancellationToken);
        release.SetResult();

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        JsonDocument.Parse(await TextAsync(answer)).RootElement.TryGetProperty("error", out _).ShouldBeTrue();
        (await first).Dispose();
    }

    [Fact]
    public async Task CallThatIsDone_MakesRoom_HoweverItEnded()
    {
        await using var upstream = await StartAsync(Task.CompletedTask, "max_concurrent: 1, max_queue: 0");
        string[] bodies = ["", "{", """{"model":"unknown"}""", """{"model":"one/m","messages":[{"role":"user","content":"Hi"}]}"""];
        foreach (string body in bodies) (await upstream.Client.PostAsync("/v1/chat/completions", new StringContent(body), TestContext.Current.CancellationToken)).Dispose();

        using var answer = await upstream.ChatAsync("one/m");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<FakeUpstream> StartAsync(Task release, string server)
    {
        var upstream = await FakeUpstream.StartAsync(async _ =>
        {
            await release;
            return Good;
        });
        await upstream.GatewayAsync("""providers: { one: { type: openai, base_url: "URL/v1", api_key: k } }""", server: server);
        return upstream;
    }
}
