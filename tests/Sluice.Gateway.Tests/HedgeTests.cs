using System.Collections.Concurrent;
using System.Net;
using Sluice.Engine;
using Sluice.Gateway.Hosting;
using Sluice.TestKit;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>A slow target gets a rival; the first content answers, and the other is cancelled and accounted for.</summary>
public sealed class HedgeTests
{
    // The clock is moved while answers are on their way: no timeout may come of that.
    private const string Settings = """
        defaults: { timeout: { first_token: 100h, idle: 100h, total: 200h } }
        providers:
          slow: { type: openai-compatible, base_url: "URL/slow/v1", api_key: test, price: { input: 1000, output: 1000 }, retry: { max_attempts: 1 } }
          quick: { type: openai-compatible, base_url: "URL/quick/v1", api_key: test, price: { input: 1000, output: 1000 }, retry: { max_attempts: 1 } }
          claude: { type: anthropic, base_url: "URL/claude", api_key: test, price: { input: 1000, output: 1000 } }
        models:
          pair: { targets: [slow/a, quick/b], hedge: { after: 300ms, max_share: 1, max_spend: 1 } }
          mixed: { targets: [slow/a, claude/b], hedge: { after: 300ms, max_share: 1, max_spend: 1 } }
          learned: { targets: [slow/a, quick/b], hedge: { after: p90, max_share: 1, max_spend: 1 } }
          rare: { targets: [slow/a, quick/b], hedge: { after: 300ms, max_share: 0, max_spend: 1 } }
        """;

    private readonly ManualTime _time = new();
    private readonly Observed _observed = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SlowTarget_LosesAgainstTheHedge(bool stream)
    {
        var hungUp = new TaskCompletionSource();
        await using var upstream = await StartAsync(async (request, aborted) =>
        {
            if (!IsSlow(request)) return Answer("quick", stream);
            await using var _ = aborted.Register(hungUp.SetResult);
            await hungUp.Task;
            return Answer("slow", stream);
        });

        using var answer = await AskAsync(upstream, "pair", stream, until: 2);
        string text = await TextAsync(answer);
        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        var record = await _observed.NextAsync();

        text.ShouldContain("from quick");
        text.ShouldNotContain("from slow");
        Header(answer, "x-sluice-provider").ShouldBe("quick");
        Header(answer, "x-sluice-attempts").ShouldBe("2");
        record.Attempts.Count.ShouldBe(2);
        var lost = record.Attempts.Single(a => a.IsAside);
        lost.Provider.ShouldBe("slow");
        lost.Error!.Code.ShouldBe("hedge_lost");
        lost.IsEstimated.ShouldBeTrue();
        lost.CostUsd!.Value.ShouldBePositive();
        var won = record.Attempts.Single(a => !a.IsAside);
        won.Role.ShouldBe(AttemptRole.Hedge);
        won.Error.ShouldBeNull();
        record.Usage!.InputTokens.ShouldBe(10);
        record.CostUsd.ShouldBe(0.015m + lost.CostUsd);
    }

    [Fact]
    public async Task FirstTarget_ThatWakesUpFirst_CancelsTheHedge()
    {
        var (wake, hungUp) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var upstream = await StartAsync(async (request, aborted) =>
        {
            if (IsSlow(request))
            {
                await wake.Task;
                return Answer("slow", true);
            }
            wake.SetResult();
            await using var _ = aborted.Register(hungUp.SetResult);
            await hungUp.Task;
            return Answer("quick", true);
        });

        using var answer = await AskAsync(upstream, "pair", stream: true, until: 2);
        string text = await TextAsync(answer);
        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        text.ShouldContain("from slow");
        text.ShouldNotContain("from quick");
        text.ShouldEndWith("data: [DONE]\n\n");
        (await _observed.NextAsync()).Attempts.Single(a => a.IsAside).Provider.ShouldBe("quick");
    }

    [Fact]
    public async Task Race_BetweenTwoFormats_KeepsTheWinnersStreamWhole()
    {
        await using var upstream = await StartAsync(async (request, aborted) =>
        {
            // The first sends the start of a stream, but no content.
            if (IsSlow(request)) return FakeAnswer.Events("data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"model\":\"slow\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n") with { Rest = async (_, hungUp) => { await Task.Delay(Timeout.Infinite, hungUp).ContinueWith(static _ => { }, TaskScheduler.Default); return true; } };
            await Task.CompletedTask;
            return FakeAnswer.Events(Claude);
        });

        using var answer = await AskAsync(upstream, "mixed", stream: true, until: 2);
        string text = await TextAsync(answer);

        Header(answer, "x-sluice-provider").ShouldBe("claude");
        text.ShouldContain("from claude");
        text.ShouldNotContain("\"slow\"");
        text.ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task BothFailing_IsOneErrorThatNamesBoth()
    {
        await using var upstream = await StartAsync(async (request, _) =>
        {
            if (!IsSlow(request)) return FakeAnswer.Json("""{"error":{"message":"quick is down"}}""", 503);
            while (RequestsOf is { } seen && seen() < 2) await Task.Delay(5, TestContext.Current.CancellationToken);
            return FakeAnswer.Json("""{"error":{"message":"slow is down"}}""", 503);
        });

        using var answer = await AskAsync(upstream, "pair", stream: false, until: 2);
        string text = await TextAsync(answer);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        text.ShouldContain("quick is down");
        text.ShouldContain("slow is down");
    }

    [Fact]
    public async Task HedgeThatFails_LeavesTheFirstToAnswer()
    {
        var failed = new TaskCompletionSource();
        await using var upstream = await StartAsync(async (request, _) =>
        {
            if (IsSlow(request))
            {
                await failed.Task;
                return Answer("slow", false);
            }
            failed.SetResult();
            return FakeAnswer.Json("""{"error":{"message":"quick is down"}}""", 500);
        });

        using var answer = await AskAsync(upstream, "pair", stream: false, until: 2);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await TextAsync(answer)).ShouldContain("from slow");
        (await _observed.NextAsync()).Attempts.Select(a => (a.Provider, a.Error is null)).ShouldBe([("quick", false), ("slow", true)], ignoreOrder: true);
    }

    [Fact]
    public async Task QuickFirstTarget_HasNoRival()
    {
        await using var upstream = await StartAsync((request, _) => Task.FromResult(Answer("slow", false)));

        using var answer = await AskAsync(upstream, "pair", stream: false, until: 1);

        (await TextAsync(answer)).ShouldContain("from slow");
        upstream.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task ShareThatIsUsedUp_StartsNoRival()
    {
        var wake = new TaskCompletionSource();
        await using var upstream = await StartAsync(async (request, _) =>
        {
            await wake.Task;
            return Answer("slow", false);
        });

        // The first hedge is free; the second has no share.
        using (var first = await AskAsync(upstream, "rare", stream: false, until: 2, then: wake)) { }
        wake = new TaskCompletionSource();
        var second = upstream.ChatAsync("rare");
        await UntilAsync(() => upstream.Requests.Count == 3);
        _time.Advance(TimeSpan.FromSeconds(5));
        wake.SetResult();
        using var answer = await second;

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        upstream.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Percentile_IsLearnedFromTheTarget()
    {
        var hold = new TaskCompletionSource();
        bool holds = false;
        await using var upstream = await StartAsync(async (request, _) =>
        {
            if (IsSlow(request) && holds) await hold.Task;
            else _time.Advance(TimeSpan.FromMilliseconds(100)); // what an answer takes
            return Answer(IsSlow(request) ? "slow" : "quick", false);
        });
        // As few as a percentile needs: one more would be hedged, as the clock goes on by just that.
        for (int i = 0; i < 8; i++)
        {
            using var learned = await upstream.ChatAsync("learned");
            Header(learned, "x-sluice-provider").ShouldBe("slow");
        }
        holds = true;

        using var answer = await AskAsync(upstream, "learned", stream: false, until: 10);

        Header(answer, "x-sluice-provider").ShouldBe("quick");
        hold.SetResult();
    }

    private Func<int>? RequestsOf { get; set; }

    private async Task<FakeUpstream> StartAsync(Func<FakeRequest, CancellationToken, Task<FakeAnswer>> answer)
    {
        var upstream = await FakeUpstream.StartAsync(answer);
        RequestsOf = () => upstream.Requests.Count;
        await upstream.GatewayAsync(Settings, new GatewayHostOptions { Time = _time, Observers = [_observed] });
        return upstream;
    }

    // Moves the clock until as many requests have come as are expected: the gateway's own timer may be set a little after the first.
    private async Task<HttpResponseMessage> AskAsync(FakeUpstream upstream, string route, bool stream, int until, TaskCompletionSource? then = null)
    {
        var asked = upstream.ChatAsync(route, stream);
        await UntilAsync(() => upstream.Requests.Count >= until - 1 && (until > 1 || asked.IsCompleted));
        await UntilAsync(() =>
        {
            if (upstream.Requests.Count >= until) return true;
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return false;
        });
        then?.TrySetResult();
        return await asked;
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (int i = 0; i < 4000 && !holds(); i++) await Task.Delay(5, TestContext.Current.CancellationToken);
        holds().ShouldBeTrue();
    }

    private static bool IsSlow(FakeRequest request) => request.Target.StartsWith("/slow", StringComparison.Ordinal);

    private static FakeAnswer Answer(string who, bool stream) => stream
        ? FakeAnswer.Events("""
            data: {"id":"1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"from WHO"}}]}

            data: {"id":"1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}

            data: [DONE]


            """.Replace("WHO", who, StringComparison.Ordinal))
        : FakeAnswer.Json("""{"id":"1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"from WHO"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}""".Replace("WHO", who, StringComparison.Ordinal));

    private const string Claude = """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[],"stop_reason":null,"usage":{"input_tokens":10,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"from claude"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":5}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    private sealed class Observed : ICallObserver
    {
        private readonly ConcurrentQueue<CallRecord> _records = new();

        public void Completed(CallRecord call) => _records.Enqueue(call);

        public async Task<CallRecord> NextAsync()
        {
            CallRecord? record = null;
            await UntilAsync(() => record is not null || _records.TryDequeue(out record));
            return record!;
        }
    }
}
