using System.Collections.Concurrent;
using System.Net;
using Sluice.Gateway.Hosting;
using Sluice.TestKit;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>What follows each error: the same target again, the next key, the next target, or the client.</summary>
public sealed class ErrorPolicyTests
{
    private static readonly FakeAnswer Good = FakeAnswer.Json("""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""");
    private readonly ConcurrentQueue<string> _asked = [];

    [Theory]
    [InlineData(400, "\"type\":\"invalid_request_error\"", "", 400, "1")]
    [InlineData(413, "\"type\":\"x\"", "", 413, "1")]
    [InlineData(401, "\"code\":\"invalid_api_key\"", "", 200, "12")]
    [InlineData(403, "\"type\":\"x\"", "", 200, "12")]
    [InlineData(402, "\"code\":\"insufficient_quota\"", "", 200, "12")]
    [InlineData(404, "\"code\":\"model_not_found\"", "", 200, "12")]
    [InlineData(400, "\"code\":\"content_filter\"", "", 400, "1")]
    [InlineData(400, "\"code\":\"content_filter\"", "content_filter: true", 200, "12")]
    [InlineData(429, "\"type\":\"rate_limit_error\"", "", 200, "12")]
    [InlineData(429, "\"type\":\"rate_limit_error\",\"message\":\"Too many tokens, please wait\"", "", 200, "12")]
    [InlineData(500, "\"type\":\"server_error\"", "", 200, "112")]
    [InlineData(503, "\"type\":\"overloaded\"", "", 200, "112")]
    [InlineData(500, "\"type\":\"server_error\"", "max_attempts: 1", 200, "12")]
    [InlineData(400, "\"code\":\"context_length_exceeded\"", "", 200, "12")]
    public async Task Error_OfTheFirstTarget_IsFollowedBy(int status, string error, string retry, int expected, string asked)
    {
        await using var upstream = await StartAsync(path => path == "1" ? FakeAnswer.Json($$"""{"error":{ {{error}} } }""", status) : Good, retry);

        using var answer = await upstream.ChatAsync("both");

        ((int)answer.StatusCode).ShouldBe(expected, await TextAsync(answer));
        string.Concat(_asked).ShouldBe(asked);
        Header(answer, "x-sluice-attempts").ShouldBe(asked.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(500, "\"type\":\"server_error\"", "p1/m: upstream 500; p1/m: upstream 500")]
    [InlineData(429, "\"type\":\"rate_limit_error\"", "p1/m: rate_limited 429")]
    [InlineData(404, "\"code\":\"model_not_found\"", "p1/m: not_found 404")]
    public async Task GoodAnswer_TellsWhichAttemptsFailed(int status, string error, string failed)
    {
        await using var upstream = await StartAsync(path => path == "1" ? FakeAnswer.Json($$"""{"error":{ {{error}} } }""", status) : Good, "");

        using var answer = await upstream.ChatAsync("both");
        using var direct = await upstream.ChatAsync("p2/m");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Header(answer, "x-sluice-failed-attempts").ShouldBe(failed);
        Header(direct, "x-sluice-failed-attempts").ShouldBeNull();
    }

    [Fact]
    public async Task ResetOfALimitThatHasSomethingLeft_DoesNotKeepAFailureFromBeingTriedAgain()
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => _asked.IsEmpty && Asked("1") ? FakeAnswer.Json("""{"error":{"message":"oops"}}""", 500) with { Headers = new Dictionary<string, string> { ["x-ratelimit-remaining-requests"] = "190", ["x-ratelimit-reset-requests"] = "8m38s" } } : Good);
        await upstream.GatewayAsync("""
            defaults: { retry: { base_delay: 1ms } }
            providers: { one: { type: openai, base_url: "URL/v1", api_key: k } }
            """);

        using var answer = await upstream.ChatAsync("one/m");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        upstream.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 0.25)]
    [InlineData("Fri, 20 Nov 2026 11:00:00 GMT", 0.25)]
    public async Task LimitOfTheOnlyTarget_IsWaitedForAsLongAsItSays_AndWithBackoffWhereItSaysNothing(string after, double seconds)
    {
        var time = new ManualTime();
        var begin = time.GetUtcNow();
        var times = new ConcurrentQueue<TimeSpan>();
        await using var upstream = await FakeUpstream.StartAsync(_ =>
        {
            times.Enqueue(time.GetUtcNow() - begin);
            return times.Count == 1 ? Limited(after) : Good;
        });
        await upstream.GatewayAsync("""providers: { one: { type: openai, base_url: "URL/v1", api_key: k } }""", new GatewayHostOptions { Time = time });

        var call = upstream.ChatAsync("one/m");
        await AdvanceUntilAsync(time, call);

        using var answer = await call;
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        times.Count.ShouldBe(2);
        times.Last().ShouldBeInRange(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds + 5));
    }

    [Fact]
    public async Task LimitLongerThanTheDeadline_IsToldAtOnce()
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => Limited("90"));
        await upstream.GatewayAsync("""
            defaults: { timeout: { total: 60s }, retry: { max_delay: 10m } }
            providers: { one: { type: openai, base_url: "URL/v1", api_key: k } }
            models: { r: one/m }
            """);

        using var answer = await upstream.ChatAsync("r");

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(90));
        upstream.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task FailedHandshake_IsNotRepeated()
    {
        await using var upstream = await StartAsync(_ => Good, "", first: "https://127.0.0.1:PORT/1");

        using var answer = await upstream.ChatAsync("both");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        Header(answer, "x-sluice-attempts").ShouldBe("2");
    }

    [Fact]
    public async Task TooLongForOneContext_IsNotSentToASmallerOne()
    {
        await using var upstream = await FakeUpstream.StartAsync(request =>
        {
            _asked.Enqueue(request.Text.Contains("gpt-4o-mini", StringComparison.Ordinal) ? "small" : request.Text.Contains("gpt-4.1", StringComparison.Ordinal) ? "large" : "first");
            return _asked.Last() == "large" ? Good : FakeAnswer.Json("""{"error":{"code":"context_length_exceeded","message":"too long"}}""", 400);
        });
        await upstream.GatewayAsync("""
            providers: { one: { type: openai, base_url: "URL/v1", api_key: k } }
            models: { r: { targets: [one/gpt-4o, one/gpt-4o-mini, one/gpt-4.1] } }
            """);

        using var answer = await upstream.ChatAsync("r");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        _asked.ShouldBe(["first", "large"]);
    }

    [Fact]
    public async Task EveryTargetFailing_NamesEachReason_AlsoOfThoseNotAsked()
    {
        await using var upstream = await StartAsync(_ => FakeAnswer.Json("""{"error":{"message":"no luck","type":"server_error"}}""", 500), "max_attempts: 1", more: "limits: { rpm: 1 }");
        (await upstream.ChatAsync("both")).Dispose();

        using var answer = await upstream.ChatAsync("both");
        string text = await TextAsync(answer);

        Header(answer, "x-sluice-attempts").ShouldBe("1");
        text.ShouldContain("p1/m: provider 'p1' limits.rpm = 1 is reached");
        text.ShouldContain("p2/m: no luck");
    }

    private bool Asked(string path)
    {
        _asked.Enqueue(path);
        return true;
    }

    private static FakeAnswer Limited(string after) => FakeAnswer.Json("""{"error":{"message":"slow down","type":"rate_limit_error"}}""", 429) with { Headers = new Dictionary<string, string> { ["Retry-After"] = after } };

    private async Task<FakeUpstream> StartAsync(Func<string, FakeAnswer> answer, string retry, string first = "URL/1", string more = "strict: false")
    {
        var upstream = await FakeUpstream.StartAsync(request =>
        {
            string path = request.Target[1..2];
            _asked.Enqueue(path);
            return answer(path);
        });
        first = first.Replace("PORT", new Uri(upstream.Address).Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        string settings = string.Join(", ", new[] { retry.Contains("max_attempts", StringComparison.Ordinal) ? "" : "max_attempts: 2", "base_delay: 1ms", retry }.Where(s => s.Length > 0));
        await upstream.GatewayAsync($$"""
            defaults: { retry: { {{settings}} } }
            providers:
              p1: { type: openai, base_url: "{{first}}/v1", api_key: a, {{more}} }
              p2: { type: openai, base_url: "URL/2/v1", api_key: b }
            models: { both: { targets: [p1/m, p2/m] } }
            """);
        return upstream;
    }

    private static async Task AdvanceUntilAsync(ManualTime time, Task task)
    {
        for (int i = 0; i < 2000 && !task.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.WhenAny(task, Task.Delay(2, TestContext.Current.CancellationToken));
        }
        task.IsCompleted.ShouldBeTrue();
    }
}
