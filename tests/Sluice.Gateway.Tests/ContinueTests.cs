using System.Text;
using Sluice.Chat;
using Sluice.Engine;
using Sluice.Formats;
using Sluice.Formats.Framing;
using Sluice.Gateway.Hosting;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>A stream that breaks off is gone on with by another target, and the client sees one answer.</summary>
public sealed class ContinueTests
{
    private const string Settings = """
        defaults: { retry: { max_attempts: 1 }, breaker: { enabled: false } }
        providers:
          first: { type: openai-compatible, base_url: "URL/first/v1", api_key: test, price: { input: 1000, output: 1000 } }
          claude: { type: anthropic, base_url: "URL/second", api_key: test, price: { input: 1000, output: 1000 } }
          gemini: { type: gemini, base_url: "URL/second", api_key: test }
          ollama: { type: ollama, base_url: "URL/second" }
          mistral: { type: mistral, base_url: "URL/second/v1", api_key: test }
          deepseek: { type: deepseek, base_url: "URL/second", api_key: test }
          vllm: { type: vllm, base_url: "URL/second/v1" }
          groq: { type: groq, base_url: "URL/second/v1", api_key: test }
          plain: { type: openai-compatible, base_url: "URL/second/v1", api_key: test }
        models:
          claude-after: { continue: true, targets: [first/a, claude/claude-haiku-4-5] }
          claude-refuses: { continue: true, targets: [first/a, claude/claude-sonnet-5] }
          gemini-after: { continue: true, targets: [first/a, gemini/b] }
          ollama-after: { continue: true, targets: [first/a, ollama/b] }
          mistral-after: { continue: true, targets: [first/a, mistral/b] }
          deepseek-after: { continue: true, targets: [first/a, deepseek/b] }
          vllm-after: { continue: true, targets: [first/a, vllm/b] }
          groq-after: { continue: true, targets: [first/a, groq/b] }
          plain-after: { continue: true, targets: [first/a, plain/b] }
          chain: { continue: true, targets: [first/a, mistral/b, groq/b] }
          off: { targets: [first/a, groq/b] }
        """;

    private const string Begin = "Once upon ";
    private const string End = "a time.";
    private readonly Recorder _recorder = new();
    private volatile string _received = "";

    public static TheoryData<string, string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string, string>();
            foreach (string dialect in Dialects)
            {
                pairs.Add(dialect, "claude-after", "\"Once upon\"}]");
                pairs.Add(dialect, "gemini-after", "{\"text\":\"Once upon\"}]");
                pairs.Add(dialect, "ollama-after", "{\"role\":\"assistant\",\"content\":\"Once upon\"}]");
                pairs.Add(dialect, "mistral-after", "{\"role\":\"assistant\",\"content\":\"Once upon\",\"prefix\":true}]");
                pairs.Add(dialect, "deepseek-after", "{\"role\":\"assistant\",\"content\":\"Once upon\",\"prefix\":true}]");
                pairs.Add(dialect, "vllm-after", "\"continue_final_message\":true,\"add_generation_prompt\":false");
                pairs.Add(dialect, "groq-after", "{\"role\":\"assistant\",\"content\":\"Once upon\"}]");
            }
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Break_IsMendedInEveryDialect(string dialect, string route, string asked)
    {
        await using var upstream = await StartAsync(request => request.Target.StartsWith("/first", StringComparison.Ordinal) ? Breaking(Chat(Begin)) : Whole(request, " " + End));

        var folded = await AskAsync(upstream, dialect, route);
        var record = await _recorder.First.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        folded.Error.ShouldBeNull();
        var answer = folded.ToResponse();
        var candidate = answer.Candidates.ShouldHaveSingleItem();
        candidate.Parts.ShouldHaveSingleItem().ShouldBeOfType<TextPart>().Text.ShouldBe(Begin + End);
        candidate.FinishReason.ShouldBe(FinishReason.Stop);
        var second = upstream.Requests[1];
        second.Text.ShouldContain(asked);
        if (route == "deepseek-after") second.Target.ShouldBe("/beta/second/chat/completions");
        record.Attempts.Count.ShouldBe(2);
        record.Attempts[0].IsAside.ShouldBeTrue();
        record.Attempts[1].Role.ShouldBe(AttemptRole.Continuation);
        record.Error.ShouldBeNull();
        record.Usage!.InputTokens.ShouldBe(record.Attempts[0].Usage!.InputTokens + 10);
        record.Usage.OutputTokens.ShouldBe(record.Attempts[0].Usage!.OutputTokens + 5);
        if (answer.Usage?.OutputTokens is { } told) told.ShouldBe(record.Usage.OutputTokens!.Value);
        if (route == "claude-after") record.CostUsd.ShouldBe(0.015m + record.Attempts[0].CostUsd);
    }

    [Theory]
    [InlineData("plain-after")]
    [InlineData("claude-refuses")]
    [InlineData("off")]
    public async Task TargetThatTakesNoBeginning_IsNotAsked(string route)
    {
        // Only what breaks is asked again at the end, where it takes a beginning: this kind does not.
        await using var upstream = await StartAsync(_ => Breaking(Chat(Begin)));

        var folded = await AskAsync(upstream, "openai-chat", route);

        folded.Error.ShouldNotBeNull();
        upstream.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task SecondBreak_IsMendedByTheThird()
    {
        await using var upstream = await StartAsync(request => request.Text.Contains("\"prefix\":true", StringComparison.Ordinal) ? Breaking(Chat("a "), "\"a \"")
            : request.Target.StartsWith("/first", StringComparison.Ordinal) ? Breaking(Chat(Begin)) : Whole(request, "time."));

        var folded = await AskAsync(upstream, "anthropic-messages", "chain");
        var record = await _recorder.First.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        folded.Error.ShouldBeNull();
        folded.ToResponse().Candidates[0].Parts.ShouldHaveSingleItem().ShouldBeOfType<TextPart>().Text.ShouldBe(Begin + End);
        upstream.Requests[2].Text.ShouldContain("\"content\":\"Once upon a\"}]");
        record.Attempts.Select(a => a.IsAside).ShouldBe([true, true, false]);
        record.Usage!.OutputTokens.ShouldBe(record.Attempts[0].Usage!.OutputTokens + record.Attempts[1].Usage!.OutputTokens + 5);
    }

    [Fact]
    public async Task ContinuationThatFails_EndsTheStreamWithTheFirstError()
    {
        await using var upstream = await StartAsync(request => request.Target.StartsWith("/first", StringComparison.Ordinal) ? Breaking(Chat(Begin)) : FakeAnswer.Json("""{"error":{"message":"no"}}""", 500));

        foreach (string dialect in Dialects)
        {
            _received = "";
            var folded = await AskAsync(upstream, dialect, "groq-after");
            folded.Error.ShouldNotBeNull(dialect);
        }
    }

    [Fact]
    public async Task ToolCallThatHasBegun_IsNotGoneOnWith()
    {
        const string Tool = """data: {"id":"1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"I look. ","tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":"{"}}]}}]}""" + "\n\n";
        await using var upstream = await StartAsync(_ => Breaking(Tool, "I look. "));

        var folded = await AskAsync(upstream, "openai-chat", "groq-after");

        folded.Error.ShouldNotBeNull();
        upstream.Requests.Count.ShouldBe(1);
    }

    private async Task<FakeUpstream> StartAsync(Func<FakeRequest, FakeAnswer> answer)
    {
        var upstream = await FakeUpstream.StartAsync(answer);
        await upstream.GatewayAsync(Settings, new GatewayHostOptions { Observers = [_recorder] });
        return upstream;
    }

    // Reads the client's stream as its dialect's own clients do.
    private async Task<StreamFolder> AskAsync(FakeUpstream upstream, string dialect, string route)
    {
        var (path, body) = Ask(dialect, route, "Tell me a story", stream: true);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        using var answer = await upstream.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        byte[] bytes = await ReadAsync(answer);
        var format = WireFormats.Find<IChatClientFormat>(new WireFormatId(dialect))!;
        var decoder = format.CreateStreamDecoder(new TranslationContext { ClientFormat = format.Id, UpstreamFormat = format.Id, UpstreamModel = "m", Ids = new SequentialIds(), Time = TimeProvider.System });
        var frames = FrameReaders.Create(format.Framing, 1 << 20);
        frames.Append(bytes);
        var (events, folder) = (new List<StreamEvent>(), new StreamFolder());
        while (frames.TryRead(out var frame)) decoder.Decode(frame, events);
        while (frames.TryReadLast(out var last)) decoder.Decode(last, events);
        decoder.Complete(events);
        foreach (var next in events) folder.Add(next);
        return folder;
    }

    private async Task<byte[]> ReadAsync(HttpResponseMessage answer)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var all = new MemoryStream();
        byte[] piece = new byte[4096];
        while (await stream.ReadAsync(piece, TestContext.Current.CancellationToken) is > 0 and var count)
        {
            all.Write(piece, 0, count);
            _received = Encoding.UTF8.GetString(all.ToArray());
        }
        return all.ToArray();
    }

    private static string Chat(string text) => """data: {"id":"1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"TEXT"}}]}""".Replace("TEXT", text, StringComparison.Ordinal) + "\n\n";

    // Breaks off once the client has what was sent: a connection that is reset takes what is still on its way with it.
    private FakeAnswer Breaking(string events, string seen = Begin) => FakeAnswer.Events(events) with
    {
        Rest = async (_, hungUp) =>
        {
            for (int i = 0; i < 4000 && !_received.Contains(seen, StringComparison.Ordinal); i++) await Task.Delay(5, hungUp);
            return false;
        },
    };

    private static FakeAnswer Whole(FakeRequest request, string text) => request.Target switch
    {
        "/second/v1/messages" => FakeAnswer.Events($"event: message_start\ndata: {{\"type\":\"message_start\",\"message\":{{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"c\",\"content\":[],\"usage\":{{\"input_tokens\":10,\"output_tokens\":1}}}}}}\n\n"
            + "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
            + $"event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{{\"type\":\"text_delta\",\"text\":\"{text}\"}}}}\n\n"
            + "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
            + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":5}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"),
        _ when request.Target.Contains("streamGenerateContent", StringComparison.Ordinal) => FakeAnswer.Events(
            $"data: {{\"candidates\":[{{\"content\":{{\"role\":\"model\",\"parts\":[{{\"text\":\"{text}\"}}]}},\"finishReason\":\"STOP\",\"index\":0}}],\"usageMetadata\":{{\"promptTokenCount\":10,\"candidatesTokenCount\":5,\"totalTokenCount\":15}}}}\n\n"),
        "/second/api/chat" => new FakeAnswer(200, "application/x-ndjson", Encoding.UTF8.GetBytes(
            $"{{\"model\":\"b\",\"created_at\":\"2026-11-20T12:00:00Z\",\"message\":{{\"role\":\"assistant\",\"content\":\"{text}\"}},\"done\":false}}\n"
            + "{\"model\":\"b\",\"created_at\":\"2026-11-20T12:00:00Z\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":10,\"eval_count\":5}\n")),
        _ => FakeAnswer.Events(Chat(text)
            + "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15}}\n\ndata: [DONE]\n\n"),
    };

    private sealed class Recorder : ICallObserver
    {
        public TaskCompletionSource<CallRecord> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Completed(CallRecord call) => First.TrySetResult(call);
    }
}
