using System.Net;
using Sluice.Gateway.Hosting;
using Sluice.TestKit;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>A target that fails again and again rests, is shown as resting, and is probed by one call before it serves the others.</summary>
public sealed class BreakerTests
{
    private static readonly FakeAnswer Good = FakeAnswer.Json("""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""");
    private static readonly FakeAnswer Down = FakeAnswer.Json("""{"error":{"message":"down","type":"server_error"}}""", 500);
    private readonly ManualTime _time = new();
    private bool _isDown = true;

    [Fact]
    public async Task FailingTarget_RestsIsShownAndComesBack()
    {
        await using var upstream = await StartAsync("failures: 3, open_for: 30s");
        for (int i = 0; i < 3; i++) (await upstream.ChatAsync("r")).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);

        using var resting = await upstream.ChatAsync("r");
        string health = await upstream.Client.GetStringAsync("/health", TestContext.Current.CancellationToken);
        string metrics = await upstream.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        resting.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        resting.Headers.RetryAfter!.Delta!.Value.ShouldBe(TimeSpan.FromSeconds(30));
        upstream.Requests.Count.ShouldBe(3, "nobody asked it");
        health.ShouldContain("""{"model":"m","breaker":"open","failures":3,"rest_seconds":30,"busy":0}""");
        metrics.ShouldMatch("sluice_breaker_state\\{[^}]*\\} 2");

        _time.Advance(TimeSpan.FromSeconds(30));
        _isDown = false;
        using var probe = await upstream.ChatAsync("r");

        probe.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(probe));
        (await upstream.Client.GetStringAsync("/health", TestContext.Current.CancellationToken)).ShouldContain("""{"model":"m","breaker":"closed","failures":0,"busy":0}""");
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    public async Task ErrorsOfClientsAndLimits_AreNoFailures(int status)
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"error":{"message":"no"}}""", status));
        await upstream.GatewayAsync(Settings("failures: 2, open_for: 30s"));

        for (int i = 0; i < 5; i++) ((int)(await upstream.ChatAsync("r")).StatusCode).ShouldBe(status);

        upstream.Requests.Count.ShouldBe(5);
    }

    [Fact]
    public async Task AnswersWithoutContent_AreNoFailuresOfTheServer()
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[]}"""));
        await upstream.GatewayAsync(Settings("failures: 2, open_for: 30s"));

        for (int i = 0; i < 5; i++) (await upstream.ChatAsync("r")).StatusCode.ShouldBe(HttpStatusCode.BadGateway);

        upstream.Requests.Count.ShouldBe(5);
    }

    private async Task<FakeUpstream> StartAsync(string breaker)
    {
        var upstream = await FakeUpstream.StartAsync(_ => _isDown ? Down : Good);
        await upstream.GatewayAsync(Settings(breaker), new GatewayHostOptions { Time = _time });
        return upstream;
    }

    private static string Settings(string breaker) => $$"""
        defaults: { retry: { max_attempts: 1 }, breaker: { {{breaker}} } }
        providers: { one: { type: openai, base_url: "URL/v1", api_key: k } }
        models: { r: one/m }
        """;
}
