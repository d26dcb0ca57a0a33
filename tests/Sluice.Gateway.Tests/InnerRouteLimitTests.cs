using System.Collections.Concurrent;
using System.Net;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>The rates of a route hold for the calls that reach it through another route, too.</summary>
public sealed class InnerRouteLimitTests
{
    private static readonly FakeAnswer Good = FakeAnswer.Json("""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""");
    private static readonly FakeAnswer Down = FakeAnswer.Json("""{"error":{"message":"down"}}""", 500);
    private readonly ConcurrentQueue<string> _asked = [];

    [Theory]
    [InlineData("outer")]
    [InlineData("outermost")]
    public async Task CallsByAnotherRoute_CountForTheInner_AndGoOnToTheNextTarget(string route)
    {
        await using var upstream = await StartAsync(_ => Good, "inner: { targets: [p/a], limits: { rpm: 3 } }");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => upstream.ChatAsync(route)));
        using var direct = await upstream.ChatAsync("inner");

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        _asked.Count(m => m == "a").ShouldBe(3);
        _asked.Count(m => m == "z").ShouldBe(5);
        direct.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await TextAsync(direct)).ShouldContain("route 'inner' limits.rpm = 3 is reached");
    }

    [Fact]
    public async Task CallThatTriesSeveralOfItsTargets_CountsOnce()
    {
        await using var upstream = await StartAsync(model => model == "a" ? Down : Good, "inner: { targets: [p/a, p/b], limits: { rpm: 3 } }");

        for (int i = 0; i < 5; i++) (await upstream.ChatAsync("outer")).StatusCode.ShouldBe(HttpStatusCode.OK);

        string.Concat(_asked).ShouldBe("ababab" + "zz");
    }

    [Fact]
    public async Task OnlyTarget_SaysWhichRouteIsFull_AndItsOwnWordOfWaitingCounts()
    {
        await using var upstream = await StartAsync(_ => Good, "inner: { targets: [p/a], limits: { rpm: 1 } }");
        (await upstream.ChatAsync("alone")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var answer = await upstream.ChatAsync("alone");

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(30, 60);
        (await TextAsync(answer)).ShouldContain("route 'inner' limits.rpm = 1 is reached");
    }

    [Fact]
    public async Task InnerRouteThatWaits_LetsCallsQueue()
    {
        int busy = 0, most = 0;
        await using var upstream = await StartAsync(async _ =>
        {
            lock (_asked) most = Math.Max(most, ++busy);
            await Task.Yield();
            lock (_asked) busy--;
            return Good;
        }, "inner: { targets: [p/a], limits: { concurrency: 1 }, wait: true }");

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => upstream.ChatAsync("alone")));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        most.ShouldBe(1);
    }

    [Fact]
    public async Task CallThatWentOnElsewhere_HoldsNoPlaceInTheInner()
    {
        var (reached, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        bool isDown = true;
        await using var upstream = await StartAsync(async model =>
        {
            if (model == "a") return isDown ? Down : Good;
            reached.TrySetResult();
            await release.Task;
            return Good;
        }, "inner: { targets: [p/a], limits: { concurrency: 1 } }");
        var elsewhere = upstream.ChatAsync("outer");
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        isDown = false;

        using var direct = await upstream.ChatAsync("inner");
        release.SetResult();

        direct.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await elsewhere).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task TargetThatTheClientPicksOutOfIt_IsStillBehindIt()
    {
        await using var upstream = await StartAsync(_ => Good, "inner: { targets: [p/a], limits: { rpm: 1 } }");
        (await PickAsync(upstream, "outer", "p/a")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var picked = await PickAsync(upstream, "outer", "p/a");
        using var fallback = await PickAsync(upstream, "p/z", "inner");

        picked.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        Header(fallback, "x-sluice-model").ShouldBe("z");
    }

    private static Task<HttpResponseMessage> PickAsync(FakeUpstream upstream, string model, string targets)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent($$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hi"}]}""") };
        request.Headers.Add("x-sluice-targets", targets);
        return upstream.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private Task<FakeUpstream> StartAsync(Func<string, FakeAnswer> answer, string inner) => StartAsync(model => Task.FromResult(answer(model)), inner);

    private async Task<FakeUpstream> StartAsync(Func<string, Task<FakeAnswer>> answer, string inner)
    {
        var upstream = await FakeUpstream.StartAsync(async request =>
        {
            string model = request.Text.Split("\"model\":\"")[1][..1];
            _asked.Enqueue(model);
            return await answer(model);
        });
        await upstream.GatewayAsync($$"""
            defaults: { retry: { max_attempts: 1 }, breaker: { enabled: false } }
            providers: { p: { type: openai, base_url: "URL/v1", api_key: k } }
            models:
              outermost: { targets: [outer] }
              outer: { targets: [inner, p/z] }
              alone: { targets: [inner] }
              {{inner}}
            """);
        return upstream;
    }
}
