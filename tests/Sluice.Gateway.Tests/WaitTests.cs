using System.Net;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>With <c>wait</c> a call over a limit queues for room; without it the client is told when to come back.</summary>
public sealed class WaitTests
{
    private static readonly FakeAnswer Good = FakeAnswer.Json("""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""");

    [Theory]
    [InlineData("defaults: { wait: true }", "limits: { concurrency: 2 }", "")]
    [InlineData("", "limits: { concurrency: 2 }, wait: true", "")]
    [InlineData("", "limits: { concurrency: 2 }", "wait: true")]
    [InlineData("", "strict: false", "wait: true, limits: { concurrency: 2 }")]
    public async Task CallsOverTheConcurrency_WaitAndAllPass(string defaults, string provider, string route)
    {
        int busy = 0, most = 0;
        await using var upstream = await FakeUpstream.StartAsync(async _ =>
        {
            lock (Good) most = Math.Max(most, ++busy);
            await Task.Delay(20);
            lock (Good) busy--;
            return Good;
        });
        await StartAsync(upstream, defaults, provider, route);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => upstream.ChatAsync("r")));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        most.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task RouteThatSaysNo_OverrulesTheProvider()
    {
        var release = new TaskCompletionSource();
        await using var upstream = await FakeUpstream.StartAsync(async _ =>
        {
            await release.Task;
            return Good;
        });
        await StartAsync(upstream, "defaults: { wait: true }", "limits: { concurrency: 1 }", "wait: false");
        var first = upstream.ChatAsync("r");
        while (upstream.Requests.Count == 0) await Task.Delay(5, TestContext.Current.CancellationToken);

        using var second = await upstream.ChatAsync("r");
        release.SetResult();

        second.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        second.Headers.RetryAfter.ShouldNotBeNull();
        (await first).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task RouteLimit_CountsCalls_WhicheverTargetAnswers()
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => Good);
        await StartAsync(upstream, "", "strict: false", "strategy: round_robin, limits: { rpm: 5 }");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => upstream.ChatAsync("r")));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(5);
        (await TextAsync(answers.First(a => a.StatusCode != HttpStatusCode.OK))).ShouldContain("route 'r' limits.rpm = 5 is reached");
    }

    [Fact]
    public async Task ClientThatLeavesTheQueue_LeavesNothingBehind()
    {
        var release = new TaskCompletionSource();
        await using var upstream = await FakeUpstream.StartAsync(async _ =>
        {
            await release.Task;
            return Good;
        });
        await StartAsync(upstream, "", "limits: { concurrency: 1 }, wait: true", "");
        var first = upstream.ChatAsync("r");
        while (upstream.Requests.Count == 0) await Task.Delay(5, TestContext.Current.CancellationToken);
        using (var client = new HttpClient { BaseAddress = upstream.Client.BaseAddress })
        {
            using var leaving = new CancellationTokenSource();
            var second = client.PostAsync("/v1/chat/completions", new StringContent("""{"model":"r","messages":[{"role":"user","content":"Hi"}]}"""), leaving.Token);
            await HealthAsync(upstream, "\"waiting\":1");
            await leaving.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(second);
        }

        await HealthAsync(upstream, "\"waiting\"", isThere: false);
        release.SetResult();
        (await first).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var third = await upstream.ChatAsync("r");

        third.StatusCode.ShouldBe(HttpStatusCode.OK);
        upstream.Requests.Count.ShouldBe(2);
    }

    private static async Task HealthAsync(FakeUpstream upstream, string text, bool isThere = true)
    {
        string health = "";
        for (int i = 0; i < 400; i++)
        {
            health = await upstream.Client.GetStringAsync("/health", TestContext.Current.CancellationToken);
            if (health.Contains(text, StringComparison.Ordinal) == isThere) return;
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        health.ShouldBe(text);
    }

    private static Task StartAsync(FakeUpstream upstream, string defaults, string provider, string route) => upstream.GatewayAsync($$"""
        {{defaults}}
        providers: { one: { type: openai, base_url: "URL/v1", api_key: k, {{provider}} } }
        models: { r: { targets: [one/a, one/b]{{(route.Length > 0 ? ", " : "")}}{{route}} } }
        """);
}
