using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>More large bodies, whole answers and endless lines at once than <c>server.max_buffered</c> holds: some are refused, and all is given back.</summary>
public sealed class BufferBudgetTests
{
    private const string Settings = """
        defaults: { retry: { base_delay: 1ms } }
        providers:
          one: { type: openai-compatible, base_url: "URL/one/v1", api_key: test }
          two: { type: openai-compatible, base_url: "URL/two/v1", api_key: test }
        models:
          pair: { strategy: fallback, targets: [one/m, two/m] }
          going: { targets: [one/m, two/m], continue: true }
          hedged: { targets: [one/m, two/m], hedge: { after: 50ms, max_share: 1, max_spend: 1 } }
          copied: { targets: [one/m], shadow: { model: two/m, percent: 100 } }
        """;

    private const string Begun = """data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"},"finish_reason":null}]}""" + "\n\n";
    private const string Head = """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi""";
    private const string Tail = "\"},\"finish_reason\":\"stop\"}]}";
    private static readonly FakeAnswer Good = FakeAnswer.Json(Head + Tail);
    private static readonly string Large = new('x', 200_000);

    public static TheoryData<string> AllDialects => [.. Dialects];

    public static TheoryData<string, bool> AllCalls
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (string dialect in Dialects) foreach (bool stream in (bool[])[false, true]) data.Add(dialect, stream);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(AllCalls))]
    public async Task Bodies_BeyondTheBound_AreRefused(string dialect, bool stream)
    {
        var release = new TaskCompletionSource();
        await using var upstream = await StartAsync(async (_, _) =>
        {
            await release.Task;
            return Good;
        }, "4MiB");
        // Each holds its body as it was sent and as it goes up: at least 256 KiB each.
        var calls = new List<Task<HttpResponseMessage>>();
        while (calls.Count == upstream.Requests.Count && calls.Count <= 8)
        {
            calls.Add(AskAsync(upstream, dialect, "pair", Large));
            await UntilAsync(() => upstream.Requests.Count == calls.Count || calls[^1].IsCompleted);
        }
        int admitted = upstream.Requests.Count;
        admitted.ShouldBeInRange(2, 8);
        await ShouldBeFullAsync(await calls[^1]);

        for (int i = 0; i < 3; i++) await ShouldBeFullAsync(await AskAsync(upstream, dialect, "pair", Large, stream));
        (await HeldAsync(upstream)).ShouldBeInRange(admitted * 512 * 1024, 4 << 20);
        upstream.Requests.Count.ShouldBe(admitted, "a call that finds no room goes nowhere");
        release.SetResult();

        foreach (var call in calls[..^1]) (await call).StatusCode.ShouldBe(HttpStatusCode.OK);
        await ShouldHoldNothingAsync(upstream);
        (await AskAsync(upstream, dialect, "pair", Large)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task SmallCalls_AreNotCounted()
    {
        var release = new TaskCompletionSource();
        await using var upstream = await StartAsync(async (_, _) =>
        {
            await release.Task;
            return Good;
        });
        var calls = Enumerable.Range(0, 40).Select(_ => AskAsync(upstream, "openai-chat", "pair", new string('x', 30_000))).ToArray();
        await UntilAsync(() => upstream.Requests.Count == 40);

        (await HeldAsync(upstream)).ShouldBe(0);
        release.SetResult();
        (await Task.WhenAll(calls)).ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task CompressedBody_ThatIsLargeInside_IsRefused(string coding)
    {
        await using var upstream = await StartAsync((_, _) => Task.FromResult(Good));
        using var packed = new MemoryStream();
        using (Stream packer = coding == "br" ? new System.IO.Compression.BrotliStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true) : new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            packer.Write(Encoding.UTF8.GetBytes(Ask("openai-chat", "pair", new string('x', 3_000_000)).Body));
        }
        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.Add("Content-Encoding", coding);

        await ShouldBeFullAsync(await upstream.Client.PostAsync("/v1/chat/completions", content, TestContext.Current.CancellationToken));

        upstream.Requests.ShouldBeEmpty();
        await ShouldHoldNothingAsync(upstream);
    }

    [Theory]
    [MemberData(nameof(AllCalls))]
    public async Task WholeAnswers_BeyondTheBound_AreRefused_AndNoTargetIsBlamed(string dialect, bool stream)
    {
        var release = new TaskCompletionSource();
        await using var upstream = await StartAsync((_, _) => Task.FromResult(Whole(600_000, release.Task)));
        var first = AskAsync(upstream, "openai-chat", "pair", "Hi");
        await UntilAsync(async () => await HeldAsync(upstream) == 1 << 20);

        const int More = 12;
        for (int i = 0; i < More; i++) await ShouldBeFullAsync(await AskAsync(upstream, dialect, "pair", "Hi", stream));
        var refused = upstream.Requests.Skip(1).ToArray();
        release.SetResult();

        refused.Length.ShouldBe(More, "nothing is tried again");
        refused.ShouldAllBe(r => r.Target.StartsWith("/one/", StringComparison.Ordinal));
        (await first).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await TextAsync(await first)).Length.ShouldBeGreaterThan(600_000);
        await ShouldHoldNothingAsync(upstream);
        Header(await AskAsync(upstream, "openai-chat", "pair", "Hi"), "x-sluice-provider").ShouldBe("one", "its breaker is closed");
    }

    [Theory]
    [MemberData(nameof(AllDialects))]
    public async Task EndlessLines_EndTheirStreamsWithAnError(string dialect)
    {
        await using var upstream = await StartAsync((_, _) => Task.FromResult(Endless(Begun, "data: ")));

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => AskAsync(upstream, dialect, "going", "Hi", stream: true)));

        foreach (var answer in answers)
        {
            string text = await TextAsync(answer);
            text.ShouldContain("Hi");
            text.ShouldContain("server.max_buffered");
            text.Length.ShouldBeLessThan(10_000);
        }
        upstream.Requests.Count.ShouldBe(6, "no other target goes on with them");
        await ShouldHoldNothingAsync(upstream);
    }

    [Theory]
    [MemberData(nameof(AllDialects))]
    public async Task EndlessLines_BeforeAnyContent_AreRefused(string dialect)
    {
        await using var upstream = await StartAsync((_, _) => Task.FromResult(Endless("", ": ")));

        await ShouldBeFullAsync(await AskAsync(upstream, dialect, "pair", "Hi", stream: true));

        upstream.Requests.Count.ShouldBe(1);
        await ShouldHoldNothingAsync(upstream);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientThatLeaves_GivesBackWhatItsCallHeld(bool stream)
    {
        await using var upstream = await StartAsync((_, stop) => Task.FromResult(stream ? Stuck(Begun + "data: " + Large, "text/event-stream", stop) : Stuck(Head + Large, "application/json", stop)));
        using var leaves = new CancellationTokenSource();
        var (path, body) = Ask("openai-chat", "pair", Large, stream);
        using var content = new StringContent(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        var call = upstream.Client.SendAsync(request, HttpCompletionOption.ResponseContentRead, leaves.Token);
        await UntilAsync(async () => await HeldAsync(upstream) >= 3 * 256 * 1024);

        await leaves.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => call);
        await ShouldHoldNothingAsync(upstream);
    }

    [Fact]
    public async Task TargetThatFails_GivesBackWhatItHeld()
    {
        await using var upstream = await StartAsync((request, _) => Task.FromResult(request.Target.StartsWith("/one/", StringComparison.Ordinal) ? FakeAnswer.Json(new string('x', 400_000)) : Good), "4MiB");

        for (int i = 0; i < 8; i++) Header(await AskAsync(upstream, "anthropic-messages", "pair", Large), "x-sluice-provider").ShouldBe("two");

        await ShouldHoldNothingAsync(upstream);
    }

    [Fact]
    public async Task LoserOfARace_GivesBackWhatItHeld()
    {
        await using var upstream = await StartAsync((request, stop) => Task.FromResult(request.Target.StartsWith("/one/", StringComparison.Ordinal) ? Stuck(Head + Large, "application/json", stop) : Good));

        for (int i = 0; i < 4; i++) Header(await AskAsync(upstream, "openai-chat", "hedged", "Hi"), "x-sluice-provider").ShouldBe("two");

        await ShouldHoldNothingAsync(upstream);
    }

    [Fact]
    public async Task CopyForAShadow_IsCounted_AndLeftOutBeforeACallIs()
    {
        var release = new TaskCompletionSource();
        await using var upstream = await StartAsync(async (request, _) =>
        {
            if (request.Target.StartsWith("/two/", StringComparison.Ordinal)) await release.Task;
            return Good;
        });
        string text = new('x', 100_000);
        for (int i = 0; i < 8; i++) (await AskAsync(upstream, "openai-chat", "copied", text)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await UntilAsync(() => upstream.Requests.Exists(r => r.Target.StartsWith("/two/", StringComparison.Ordinal)));

        // What is left are the copies, with what goes up of each.
        (await HeldAsync(upstream)).ShouldBeInRange(100_000, 512 * 1024);
        release.SetResult();
        await ShouldHoldNothingAsync(upstream);
    }

    private static async Task<FakeUpstream> StartAsync(Func<FakeRequest, CancellationToken, Task<FakeAnswer>> answer, string max = "1MiB")
    {
        var upstream = await FakeUpstream.StartAsync(answer);
        await upstream.GatewayAsync(Settings, server: $"max_buffered: {max}");
        return upstream;
    }

    private static Task<HttpResponseMessage> AskAsync(FakeUpstream upstream, string dialect, string model, string text, bool stream = false)
    {
        var (path, body) = Ask(dialect, model, text, stream);
        return upstream.PostJsonAsync(path, body);
    }

    private static async Task ShouldBeFullAsync(HttpResponseMessage answer)
    {
        string text = await TextAsync(answer);
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, text);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        JsonDocument.Parse(text).RootElement.TryGetProperty("error", out _).ShouldBeTrue();
        text.ShouldContain("server.max_buffered");
        answer.Dispose();
    }

    // A call gives back what it held after its client has the last byte.
    private static Task ShouldHoldNothingAsync(FakeUpstream upstream) => UntilAsync(async () => await HeldAsync(upstream) == 0);

    private static async Task<long> HeldAsync(FakeUpstream upstream)
    {
        string text = await upstream.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        string line = text.Split('\n').Single(l => l.StartsWith("sluice_buffered_bytes ", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition()) await Task.Delay(5, patience.Token);
    }

    private static FakeAnswer Whole(int length, Task release) => FakeAnswer.Json(Head + new string('x', length)) with
    {
        Rest = async (body, stop) =>
        {
            await release;
            await body.WriteAsync(Encoding.UTF8.GetBytes(Tail), stop);
            return true;
        },
    };

    private static FakeAnswer Stuck(string begun, string type, CancellationToken stop) => new(200, type, Encoding.UTF8.GetBytes(begun))
    {
        Rest = async (_, _) =>
        {
            await Task.Delay(Timeout.Infinite, stop).ContinueWith(static _ => { }, TaskScheduler.Default);
            return false;
        },
    };

    private static FakeAnswer Endless(string begun, string line) => FakeAnswer.Events(begun + line) with
    {
        Rest = async (body, stop) =>
        {
            byte[] more = Encoding.UTF8.GetBytes(new string('x', 60_000));
            while (!stop.IsCancellationRequested) await body.WriteAsync(more, stop);
            return false;
        },
    };
}
