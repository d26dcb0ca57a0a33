using System.Collections.Concurrent;
using System.Net;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>A provider's several keys: taken in turn, a limited one rests, a refused one is set aside.</summary>
public sealed class ProviderKeyTests
{
    private const string Answer = """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":10,"total_tokens":20}}""";
    private static readonly FakeAnswer Good = FakeAnswer.Json(Answer);
    private static readonly FakeAnswer Limited = FakeAnswer.Json("""{"error":{"message":"slow down","type":"rate_limit_error"}}""", 429) with { Headers = new Dictionary<string, string> { ["Retry-After"] = "40" } };
    private static readonly FakeAnswer Refused = FakeAnswer.Json("""{"error":{"message":"Incorrect API key","code":"invalid_api_key"}}""", 401);
    private readonly ConcurrentQueue<string> _used = [];

    [Fact]
    public async Task LimitedKey_IsReplacedAtOnceAndRestsForLaterCalls()
    {
        await using var upstream = await StartAsync(key => key == "key-a" ? Limited : Good, "api_keys: [key-a, key-b]");

        using (var first = await upstream.ChatAsync("it/m"))
        {
            first.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(first));
            Header(first, "x-sluice-attempts").ShouldBe("2");
        }
        for (int i = 0; i < 3; i++) (await upstream.ChatAsync("it/m")).Dispose();

        _used.ShouldBe(["key-a", "key-b", "key-b", "key-b", "key-b"]);
    }

    [Fact]
    public async Task LimitedKey_OfOneModel_IsStillUsedForAnother()
    {
        await using var upstream = await StartAsync(key => key == "key-a" ? Limited : Good, "api_keys: [key-a, key-b]");
        (await upstream.ChatAsync("it/m")).Dispose();

        for (int i = 0; i < 4; i++) (await upstream.ChatAsync("it/other")).Dispose();

        _used.Count(k => k == "key-a").ShouldBe(2);
    }

    [Fact]
    public async Task RefusedKey_IsSetAsideAndShownByName()
    {
        await using var upstream = await StartAsync(key => key == "key-a" ? Refused : Good, "api_keys: [{ key: key-a, name: first }, key-b]");

        for (int i = 0; i < 3; i++)
        {
            using var answer = await upstream.ChatAsync("it/m");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        }
        string health = await upstream.Client.GetStringAsync("/health", TestContext.Current.CancellationToken);

        _used.ShouldBe(["key-a", "key-b", "key-b", "key-b"]);
        health.ShouldContain("""{"name":"first","state":"refused","reason":"authentication","rest_seconds":300}""");
        health.ShouldContain("""{"name":"it#2","state":"good"}""");
        health.ShouldNotContain("key-a");
        string metrics = await upstream.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        metrics.ShouldMatch("sluice_provider_keys\\{[^}]*condition=\"refused\"[^}]*\\} 1");
        metrics.ShouldMatch("sluice_provider_keys\\{[^}]*condition=\"good\"[^}]*\\} 1");
    }

    [Fact]
    public async Task EveryKeyLimited_AnswersWithTheTimeUntilTheFirstIsFree_AndAsksNobody()
    {
        await using var upstream = await StartAsync(_ => Limited, "api_keys: [key-a, key-b], retry: { max_delay: 1s }");

        using var first = await upstream.ChatAsync("it/m");
        using var second = await upstream.ChatAsync("it/m");

        _used.ShouldBe(["key-a", "key-b"]);
        second.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        second.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(30, 40);
        (await TextAsync(second)).ShouldContain("every key of provider 'it' is limited there");
    }

    [Fact]
    public async Task OnlyKeyRefused_IsStillTried()
    {
        await using var upstream = await StartAsync(_ => Refused, "api_key: key-a");

        (await upstream.ChatAsync("it/m")).Dispose();
        using var second = await upstream.ChatAsync("it/m");

        _used.Count.ShouldBe(2);
        (await TextAsync(second)).ShouldContain("Incorrect API key");
    }

    [Theory]
    [InlineData("round_robin", "aabb")]
    [InlineData("weighted", "aaab")]
    [InlineData("least_used", "aabb")]
    public async Task Strategy_SharesCalls(string strategy, string expected)
    {
        await using var upstream = await StartAsync(_ => Good, $"api_keys: [{{ key: key-a, weight: 3 }}, {{ key: key-b, weight: 1 }}], key_strategy: {strategy}");

        for (int i = 0; i < 4; i++) (await upstream.ChatAsync("it/m")).Dispose();

        string.Concat(_used.Order().Select(k => k[^1])).ShouldBe(expected);
    }

    [Fact]
    public async Task LeastUsed_TakesTheKeyWithFewerTokens()
    {
        await using var upstream = await StartAsync(key => key == "key-a" ? FakeAnswer.Json(Answer.Replace("\"total_tokens\":20", "\"total_tokens\":5000", StringComparison.Ordinal)) : Good, "api_keys: [key-a, key-b], key_strategy: least_used");

        for (int i = 0; i < 6; i++) (await upstream.ChatAsync("it/m")).Dispose();

        _used.Count(k => k == "key-a").ShouldBe(1);
    }

    [Fact]
    public async Task KeyWithNothingLeft_IsSparedWhileAnotherIsFree()
    {
        var spent = Good with { Headers = new Dictionary<string, string> { ["x-ratelimit-remaining-requests"] = "0", ["x-ratelimit-reset-requests"] = "6m0s" } };
        await using var upstream = await StartAsync(key => key == "key-a" ? spent : Good, "api_keys: [key-a, key-b]");

        for (int i = 0; i < 4; i++) (await upstream.ChatAsync("it/m")).Dispose();

        _used.ShouldBe(["key-a", "key-b", "key-b", "key-b"]);
    }

    [Fact]
    public async Task LimitedProvider_IsPassedOverWhileItRests()
    {
        await using var upstream = await StartAsync(key => key == "key-a" ? Limited : Good, "api_key: key-a", "other: { type: openai, base_url: \"URL/v1\", api_key: key-b }", "pair: [it/m, other/m]");

        using (var first = await upstream.ChatAsync("pair")) Header(first, "x-sluice-attempts").ShouldBe("2");
        using var second = await upstream.ChatAsync("pair");

        Header(second, "x-sluice-attempts").ShouldBe("1");
        _used.ShouldBe(["key-a", "key-b", "key-b"]);
    }

    private async Task<FakeUpstream> StartAsync(Func<string, FakeAnswer> answer, string settings, string more = "", string routes = "")
    {
        var upstream = await FakeUpstream.StartAsync(request =>
        {
            string key = request.Headers["Authorization"]["Bearer ".Length..];
            _used.Enqueue(key);
            return answer(key);
        });
        string targets = routes.Length == 0 ? "" : $"models: {{ pair: {{ targets: {routes["pair: ".Length..]} }} }}";
        await upstream.GatewayAsync($$"""
            providers:
              it: { type: openai, base_url: "URL/v1", {{settings}} }
              {{more}}
            {{targets}}
            """);
        return upstream;
    }
}
