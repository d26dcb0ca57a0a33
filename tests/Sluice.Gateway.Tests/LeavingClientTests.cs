using System.Net;
using System.Text;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Gateway.Hosting;

namespace Sluice.Gateway.Tests;

/// <summary><c>on_disconnect</c>: what becomes of a call whose client has left.</summary>
public sealed class LeavingClientTests
{
    private const string Begin = """data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"}}]}""" + "\n\n";

    private const string End = """
        data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}

        data: [DONE]


        """;

    private const string Whole = """{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}""";

    [Theory]
    [InlineData("defaults: { on_disconnect: finish }", "/v1/chat/completions", true)]
    [InlineData("defaults: { on_disconnect: finish }", "/v1/chat/completions", false)]
    [InlineData("defaults: { on_disconnect: finish }", "/v1/messages", true)]
    [InlineData("defaults: { on_disconnect: finish }", "/v1/messages", false)]
    [InlineData("models: { r: { targets: [lab/m], on_disconnect: finish } }", "/v1/chat/completions", true)]
    public async Task Finish_ReadsTheAnswerToItsEndForTheLedger(string setting, string path, bool stream)
    {
        var watch = new Watch();
        await using var fake = await FakeUpstream.StartAsync(async (_, _) => stream
            ? FakeAnswer.Events(Begin) with { Rest = async (body, hungUp) => { await watch.Left.Task.WaitAsync(TimeSpan.FromSeconds(20), hungUp); await body.WriteAsync(Encoding.UTF8.GetBytes(End), hungUp); return true; } }
            : await AfterAsync(watch.Left.Task, FakeAnswer.Json(Whole)));
        await fake.GatewayAsync($$"""
            providers: { lab: { type: openai-compatible, base_url: "URL/v1", api_key: k } }
            {{setting}}
            """, new GatewayHostOptions { Guards = [watch] });

        await LeaveAsync(fake, path, setting.Contains("models:", StringComparison.Ordinal) ? "r" : "lab/m", stream);

        var record = await watch.Settled.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        record.Error.ShouldBeNull();
        record.Usage!.InputTokens.ShouldBe(7);
        record.Usage.OutputTokens.ShouldBe(5);
    }

    [Theory]
    [InlineData("defaults: { on_disconnect: cancel }")]
    [InlineData("defaults: { on_disconnect: finish }\nmodels: { r: { targets: [lab/m], on_disconnect: cancel } }")]
    public async Task Cancel_EndsTheUpstreamCall(string setting)
    {
        var watch = new Watch();
        var hungUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Events(Begin) with { Rest = async (_, gone) => { await Task.Delay(Timeout.Infinite, gone).ContinueWith(_ => hungUp.TrySetResult(), TaskScheduler.Default); return false; } });
        await fake.GatewayAsync($$"""
            providers: { lab: { type: openai-compatible, base_url: "URL/v1", api_key: k } }
            {{setting}}
            """, new GatewayHostOptions { Guards = [watch] });

        await LeaveAsync(fake, "/v1/chat/completions", setting.Contains("models:", StringComparison.Ordinal) ? "r" : "lab/m", stream: true);

        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        (await watch.Settled.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).Error!.Kind.ShouldBe(ErrorKind.Canceled);
    }

    [Fact]
    public async Task Finish_BeginsNothingForAClientThatIsGone()
    {
        var watch = new Watch();
        await using var fake = await FakeUpstream.StartAsync(async _ => await AfterAsync(watch.Left.Task, FakeAnswer.Json("""{"error":{"message":"down"}}""", 503)));
        await fake.GatewayAsync("""
            defaults: { on_disconnect: finish }
            providers:
              a: { type: openai-compatible, base_url: "URL/a/v1", api_key: k }
              b: { type: openai-compatible, base_url: "URL/b/v1", api_key: k }
            models: { r: { targets: [a/m, b/m] } }
            """, new GatewayHostOptions { Guards = [watch] });

        await LeaveAsync(fake, "/v1/chat/completions", "r", stream: false);

        await watch.Settled.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        fake.Requests.ShouldHaveSingleItem().Target.ShouldStartWith("/a/");
    }

    private static async Task<FakeAnswer> AfterAsync(Task task, FakeAnswer answer)
    {
        await task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        return answer;
    }

    // Waits for the first piece of a stream, and for nothing of a whole answer but that the upstream has been asked.
    private static async Task LeaveAsync(FakeUpstream fake, string path, string model, bool stream)
    {
        string body = $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"max_tokens":20,"messages":[{"role":"user","content":"Hi"}]}""";
        using var gone = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        var call = fake.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, gone.Token);
        if (stream)
        {
            using var answer = await call;
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            await using var read = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            (await read.ReadAsync(new byte[64], TestContext.Current.CancellationToken)).ShouldBeGreaterThan(0);
            return;
        }
        while (Asked(fake) == 0) await Task.Delay(5, TestContext.Current.CancellationToken);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => (await call).Dispose());
    }

    private static int Asked(FakeUpstream fake)
    {
        lock (fake.Requests) return fake.Requests.Count;
    }

    /// <summary>Tells when the gateway has seen the client leave, and with what the call was settled.</summary>
    private sealed class Watch : ICallGuard
    {
        public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<CallRecord> Settled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask<GatewayError?> AdmitAsync(CallContext call, CancellationToken cancellationToken)
        {
            call.Inbound.Aborted.Register(() => Left.TrySetResult());
            return default;
        }

        public ValueTask SettleAsync(CallContext call, CallRecord record, CancellationToken cancellationToken)
        {
            Settled.TrySetResult(record);
            return default;
        }
    }
}
