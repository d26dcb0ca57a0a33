using System.Collections.Concurrent;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Gateway.Hosting;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>A shadow gets copies of calls beside the client's; nothing that it does reaches the client.</summary>
public sealed class ShadowTests
{
    private const string Answer = """{"id":"1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}""";

    private const string Settings = """
        providers:
          main: { type: openai-compatible, base_url: "URL/main/v1", api_key: test }
          second: { type: openai-compatible, base_url: "URL/second/v1", api_key: test, price: { input: 1000, output: 1000 }, limits: { rpm: 2 } }
        models:
          r: { targets: [main/a], shadow: { model: second/b, percent: 100 } }
          half: { targets: [main/a], shadow: { model: second/b, percent: 0 } }
        """;

    [Fact]
    public async Task Copy_GoesToTheShadow_AndHasItsOwnRecord()
    {
        var observed = new Observed();
        await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Answer));
        await upstream.GatewayAsync(Settings, new GatewayHostOptions { Observers = [observed] });

        using var answer = await upstream.ChatAsync("r");
        var record = await observed.ShadowAsync();

        Header(answer, "x-sluice-provider").ShouldBe("main");
        record.ShadowOf.ShouldBe(Header(answer, "x-request-id"));
        record.Provider.ShouldBe("second");
        record.Usage!.OutputTokens.ShouldBe(5);
        record.CostUsd.ShouldBe(0.015m);
        var copies = upstream.Requests.Where(r => r.Target == "/second/v1/chat/completions").ToArray();
        copies.ShouldHaveSingleItem().Text.ShouldBe("""{"model":"b","stream":false,"messages":[{"role":"user","content":"Hi"}]}""");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ShadowThatHangs_DelaysNobody(bool stream)
    {
        var release = new TaskCompletionSource();
        var observed = new Observed();
        await using var upstream = await FakeUpstream.StartAsync(async (request, _) =>
        {
            if (request.Target.StartsWith("/second", StringComparison.Ordinal)) await release.Task;
            return stream ? FakeAnswer.Events($"data: {Chunk("Hi")}\n\ndata: {Chunk(null)}\n\ndata: [DONE]\n\n") : FakeAnswer.Json(Answer);
        });
        await upstream.GatewayAsync(Settings, new GatewayHostOptions { Observers = [observed] });

        using var answer = await upstream.ChatAsync("r", stream);
        string text = await TextAsync(answer);
        bool early = observed.Shadow.Task.IsCompleted;
        release.SetResult();
        var record = await observed.ShadowAsync();

        text.ShouldContain("Hi");
        early.ShouldBeFalse();
        record.Error.ShouldBeNull();
        record.Streamed.ShouldBe(stream);
    }

    [Fact]
    public async Task ShadowThatFails_IsOnRecordOnly()
    {
        var observed = new Observed();
        await using var upstream = await FakeUpstream.StartAsync(r => r.Target.StartsWith("/second", StringComparison.Ordinal) ? FakeAnswer.Json("""{"error":{"message":"no"}}""", 400) : FakeAnswer.Json(Answer));
        await upstream.GatewayAsync(Settings, new GatewayHostOptions { Observers = [observed] });

        using var answer = await upstream.ChatAsync("r");
        var record = await observed.ShadowAsync();

        ((int)answer.StatusCode).ShouldBe(200);
        record.Error!.Kind.ShouldBe(ErrorKind.InvalidRequest);
    }

    [Fact]
    public async Task Shadow_KeepsToItsLimits()
    {
        var observed = new Observed();
        await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Answer));
        await upstream.GatewayAsync(Settings, new GatewayHostOptions { Observers = [observed] });

        for (int i = 0; i < 4; i++)
        {
            using var answer = await upstream.ChatAsync("r");
            ((int)answer.StatusCode).ShouldBe(200);
        }
        await observed.CountAsync(4);

        upstream.Requests.Count(r => r.Target.StartsWith("/second", StringComparison.Ordinal)).ShouldBe(2);
        observed.Shadows.Count(s => s.Error?.Kind == ErrorKind.RateLimited).ShouldBe(2);
    }

    [Fact]
    public async Task Share_OfZero_CopiesNothing()
    {
        var observed = new Observed();
        await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Answer));
        await upstream.GatewayAsync(Settings, new GatewayHostOptions { Observers = [observed] });

        using (await upstream.ChatAsync("half")) { }
        using (await upstream.ChatAsync("r")) { }
        await observed.ShadowAsync();

        upstream.Requests.Count.ShouldBe(3);
    }

    private static string Chunk(string? text) => text is null
        ? """{"id":"1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"""
        : """{"id":"1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"TEXT"}}]}""".Replace("TEXT", text, StringComparison.Ordinal);

    private sealed class Observed : ICallObserver
    {
        public TaskCompletionSource<CallRecord> Shadow { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentBag<CallRecord> Shadows { get; } = [];

        private readonly SemaphoreSlim _seen = new(0);

        public void Completed(CallRecord call)
        {
            if (call.ShadowOf is null) return;
            Shadows.Add(call);
            Shadow.TrySetResult(call);
            _seen.Release();
        }

        public Task<CallRecord> ShadowAsync() => Shadow.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        public async Task CountAsync(int count)
        {
            for (int i = 0; i < count; i++) (await _seen.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).ShouldBeTrue();
        }
    }
}
