using System.Net;
using Sluice.Gateway.Hosting;
using Sluice.TestKit;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>How each provider says when its limit is over reaches the client, and keeps the key at rest until then.</summary>
public sealed class ResetHeaderTests
{
    private const string Limited = """{"error":{"message":"slow down","type":"rate_limit_error","code":"rate_limit_exceeded"}}""";
    private const string Google = """{"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.2s"}]}}""";
    private const string Anthropic = """{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}""";
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("openai", "Retry-After: 45", Limited, 45)]
    [InlineData("openai", "Retry-After: Fri, 20 Nov 2026 12:01:30 GMT", Limited, 90)]
    [InlineData("openai", "retry-after-ms: 44100", Limited, 45)]
    [InlineData("openai", "x-ratelimit-remaining-requests: 0; x-ratelimit-reset-requests: 1m12s; x-ratelimit-remaining-tokens: 900; x-ratelimit-reset-tokens: 8h", Limited, 72)]
    [InlineData("openai", "x-ratelimit-remaining-tokens: 900; x-ratelimit-reset-tokens: 1m30s", Limited, 90)]
    [InlineData("openai", "", """{"error":{"message":"Rate limit reached. Please try again in 41.7s.","type":"tokens","code":"rate_limit_exceeded"}}""", 42)]
    [InlineData("azure", "x-ratelimit-remaining-tokens: 0; x-ratelimit-reset-tokens: 15", Limited, 15)]
    [InlineData("groq", "x-ratelimit-remaining-tokens: 0; x-ratelimit-reset-tokens: 7.66s", Limited, 8)]
    [InlineData("anthropic", "anthropic-ratelimit-requests-remaining: 0; anthropic-ratelimit-requests-reset: 2026-11-20T12:00:50Z", Anthropic, 50)]
    [InlineData("anthropic", "retry-after: 17", Anthropic, 17)]
    [InlineData("gemini", "", Google, 35)]
    public async Task LimitOfAProvider_IsToldAndRestedFor(string type, string headers, string body, int seconds)
    {
        var told = headers.Split("; ", StringSplitOptions.RemoveEmptyEntries).Select(h => h.Split(": ", 2)).ToDictionary(h => h[0], h => h[1]);
        await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(body, 429) with { Headers = told });
        await upstream.GatewayAsync($$"""
            defaults: { retry: { max_attempts: 1, max_delay: 1s } }
            providers: { one: { type: {{type}}, base_url: "URL", api_key: k } }
            """, new GatewayHostOptions { Time = _time });

        using var first = await upstream.ChatAsync("one/m");
        _time.Advance(TimeSpan.FromSeconds(seconds - 2));
        using var early = await upstream.ChatAsync("one/m");
        _time.Advance(TimeSpan.FromSeconds(3));
        using var late = await upstream.ChatAsync("one/m");

        first.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests, await TextAsync(first));
        first.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(seconds));
        early.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        early.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 2);
        upstream.Requests.Count.ShouldBe(2, "the provider is left alone until its reset");
    }
}
