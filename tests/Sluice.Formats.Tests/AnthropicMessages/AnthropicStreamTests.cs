using System.Text;
using System.Text.Json.Nodes;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Streaming;
using Sluice.TestKit;

namespace Sluice.Formats.Tests.AnthropicMessages;

/// <summary>Streams, by hand-made events and frames.</summary>
public sealed class AnthropicStreamTests
{
    private const string Start = """{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"c","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":5,"output_tokens":1,"cache_read_input_tokens":7}}}""";

    [Fact]
    public void EncodeStream_OverlappingParts_StandOneAfterTheOther()
    {
        string sse = AnthropicKit.WriteStream(
        [
            new ResponseStarted(), KeepAlive.Instance,
            new PartStarted(0, 0, new TextPart("")),
            new PartStarted(0, 1, new ToolCallPart("a", "f", "")), new PartStarted(0, 2, new ToolCallPart("b", "g", "")),
            new PartDelta(0, 2, new ArgumentsDelta("{\"y\":")), new PartDelta(0, 1, new ArgumentsDelta("{\"x\":1}")), new PartDelta(0, 0, new TextDelta("Hi")),
            KeepAlive.Instance,
            new PartDelta(0, 2, new ArgumentsDelta("2}")), new PartEnded(0, 1), new PartEnded(0, 0), new PartEnded(0, 2),
            new CandidateFinished(0, FinishReason.Stop),
            new UsageReported(new Usage { InputTokens = 10, OutputTokens = 4, CacheReadTokens = 6 }),
            new ResponseEnded(),
        ]);
        var message = AnthropicStreamJudge.Judge(sse).Message;
        message["content"]!.AsArray().Select(b => b!["type"]!.GetValue<string>()).ShouldBe(["text", "tool_use", "tool_use"]);
        message["content"]![2]!["input"]!["y"]!.GetValue<int>().ShouldBe(2);
        message["stop_reason"]!.GetValue<string>().ShouldBe("tool_use");
        message["usage"]!["input_tokens"]!.GetValue<int>().ShouldBe(4);
        message["usage"]!["cache_read_input_tokens"]!.GetValue<int>().ShouldBe(6);
        message["usage"]!["output_tokens"]!.GetValue<int>().ShouldBe(4);
        message["id"]!.GetValue<string>().ShouldStartWith("msg_");
    }

    [Fact]
    public void EncodeStream_EmptyParts_LeaveNoBlock()
    {
        string sse = AnthropicKit.WriteStream(
        [
            new ResponseStarted { Id = "1", Model = "m" }, new PartStarted(0, 0, new TextPart("")), new PartDelta(0, 0, new TextDelta("")), new PartEnded(0, 0),
            new PartStarted(0, 1, new ReasoningPart("")), new PartEnded(0, 1), new PartStarted(0, 2, new ToolCallPart("a", "f", "{}")), new PartEnded(0, 2), new ResponseEnded(),
        ]);
        var message = AnthropicStreamJudge.Judge(sse).Message;
        message["content"]!.ToJsonString().ShouldBe("""[{"type":"tool_use","id":"a","name":"f","input":{},"caller":{"type":"direct"}}]""");
    }

    [Fact]
    public void EncodeStream_PartsThatOnlyTheirEndTells_AreWritten()
    {
        string sse = AnthropicKit.WriteStream(
        [
            new ResponseStarted { Id = "1", Model = "m" },
            new PartStarted(0, 0, new ReasoningPart("") { IsSummary = true }), new PartDelta(0, 0, new ReasoningDelta("a") { Paragraph = 0 }), new PartDelta(0, 0, new ReasoningDelta("b") { Paragraph = 1 }),
            new PartEnded(0, 0) { Final = new ReasoningPart("a\n\nb") { Signature = new Signature("e", "openai") } },
            new PartStarted(0, 1, new TextPart("")), new PartEnded(0, 1) { Final = new TextPart("whole") },
            new PartStarted(0, 2, new ToolCallPart("c", "f", "")), new PartEnded(0, 2) { Final = new ToolCallPart("c", "f", "{\"z\":1}") },
            new PartStarted(1, 0, new TextPart("second candidate")), new PartEnded(1, 0), new CandidateFinished(1, FinishReason.Stop),
            new CandidateFinished(0, FinishReason.ToolCalls), new ResponseEnded(),
        ]);
        var content = AnthropicStreamJudge.Judge(sse).Message["content"]!;
        content[0]!["thinking"]!.GetValue<string>().ShouldBe("a\n\nb");
        content[0]!["signature"]!.GetValue<string>().ShouldNotBeEmpty();
        content[1]!["text"]!.GetValue<string>().ShouldBe("whole");
        content[2]!["input"]!.ToJsonString().ShouldBe("""{"z":1}""");
        content.AsArray().Count.ShouldBe(3);
    }

    [Fact]
    public void EncodeStream_Failure_EndsWithAnErrorAndNoSuccess()
    {
        string sse = AnthropicKit.WriteStream(
        [
            new ResponseStarted(), new PartStarted(0, 0, new TextPart("Hi")), new StreamFailed(new GatewayError(ErrorKind.Overloaded, "broke")), new ResponseEnded(),
        ]);
        var judged = AnthropicStreamJudge.Judge(sse);
        judged.Error.ShouldBe("broke");
        judged.IsStopped.ShouldBeFalse();
    }

    [Fact]
    public void EncodeStream_KeepAliveBeforeTheStart_IsAComment() => AnthropicKit.WriteStream([KeepAlive.Instance]).ShouldBe(": ping\n\n");

    [Fact]
    public void DecodeStream_LateUsage_ReplacesTheEarlier()
    {
        var answer = AnthropicKit.Fold(AnthropicKit.ReadStream(Sse(
            Start, """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""", """{"type":"ping"}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}""", """{"type":"content_block_stop","index":0}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":9,"input_tokens":50}}""", """{"type":"message_stop"}"""))).ToResponse();
        answer.Usage!.InputTokens.ShouldBe(57);
        answer.Usage.OutputTokens.ShouldBe(9);
        answer.Candidates[0].Parts.ShouldHaveSingleItem().ShouldBeOfType<TextPart>().Text.ShouldBe("Hi");
    }

    [Fact]
    public void DecodeStream_ToolInput_ComesInPiecesWholeOrNotAtAll()
    {
        var parts = AnthropicKit.Fold(AnthropicKit.ReadStream(Sse(
            Start,
            """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"1","name":"f","input":{}}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}""", """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"2","name":"f","input":{}}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\""}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":":1}"}}""", """{"type":"content_block_stop","index":1}""",
            """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"3","name":"f","input":{"b":2}}}""", """{"type":"content_block_stop","index":2}""",
            """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}""", """{"type":"message_stop"}"""))).ToResponse().Candidates[0].Parts;
        parts.Cast<ToolCallPart>().Select(p => p.Arguments).ShouldBe(["{}", "{\"a\":1}", "{\"b\":2}"]);
    }

    [Fact]
    public void DecodeStream_Compaction_IsToldWhole()
    {
        string[] frames =
        [
            Start, """{"type":"content_block_start","index":0,"content_block":{"type":"compaction","content":null}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"compaction_delta","content":"Summary"}}""", """{"type":"content_block_stop","index":0}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9},"context_management":{"applied_edits":[]}}""", """{"type":"message_stop"}""",
        ];
        var events = AnthropicKit.ReadStream(Sse(frames));
        var raw = AnthropicKit.Fold(events).ToResponse().Candidates[0].Parts.ShouldHaveSingleItem().ShouldBeOfType<RawPart>();
        JsonAssert.Difference("""{"type":"compaction","content":"Summary"}""", raw.Json.ToString()).ShouldBeNull();
        string again = AnthropicKit.WriteStream(events);
        again.ShouldContain("compaction_delta");
        again.ShouldContain("\"context_management\":{\"applied_edits\":[]}");
        AnthropicStreamJudge.Judge(again).Message["content"]![0]!["content"]!.GetValue<string>().ShouldBe("Summary");
    }

    [Fact]
    public void DecodeStream_WithoutEventNames_IsRead()
    {
        string sse = string.Concat(new[] { Start, """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}""", """{"type":"message_stop"}""", "[DONE]" }.Select(d => $"data: {d}\n\n"));
        AnthropicKit.Fold(AnthropicKit.ReadStream(sse)).IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void DecodeStream_ClosedAfterTheStopReason_IsComplete() =>
        AnthropicKit.Fold(AnthropicKit.ReadStream(Sse(Start, """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}"""))).IsComplete.ShouldBeTrue();

    [Fact]
    public void DecodeStream_ErrorEvent_EndsIt()
    {
        var events = AnthropicKit.ReadStream(Sse(Start, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", """{"type":"message_stop"}"""));
        var error = events[^1].ShouldBeOfType<StreamFailed>().Error;
        error.Kind.ShouldBe(ErrorKind.Overloaded);
        error.Message.ShouldBe("Overloaded");
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("""{"no":"type"}""")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}""")]
    [InlineData("""{"type":"content_block_start","index":0,"content_block":{"type":"text"}}""")]
    [InlineData("""{"type":"content_block_start","index":"x","content_block":{"type":"text","text":""}}""")]
    [InlineData("""{"type":"message_start","message":{}}""")]
    public void DecodeStream_Malformed_FailsOnceAndThenIsSilent(string frame)
    {
        var events = AnthropicKit.ReadStream(Sse(Start, frame, Start, """{"type":"message_stop"}"""));
        events[^1].ShouldBeOfType<StreamFailed>().Error.Kind.ShouldBe(ErrorKind.MalformedAnswer);
        events.OfType<StreamFailed>().Count().ShouldBe(1);
    }

    [Fact]
    public void DecodeStream_MutatedBytes_NeverBreakTheGrammar()
    {
        byte[] good = Encoding.UTF8.GetBytes(Sse(
            Start, """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"h\u00e9"}}""", """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"s"}}""",
            """{"type":"content_block_stop","index":0}""", """{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"1","name":"f","input":{}}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{}"}}""", """{"type":"content_block_stop","index":1}""",
            """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}""", """{"type":"message_stop"}"""));
        var random = new Random(7);
        for (int round = 0; round < 3000; round++)
        {
            byte[] bytes = (byte[])good.Clone();
            for (int i = random.Next(1, 4); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(32, 127);
            AnthropicKit.WriteStream(AnthropicKit.ReadStream([bytes]));
        }
    }

    [Fact]
    public void EncodeStream_GeneratedSequences_AreLegalAndFoldToTheSame()
    {
        for (int seed = 0; seed < 1000; seed++)
        {
            var events = Generate(new Random(seed));
            var judged = AnthropicStreamJudge.Judge(AnthropicKit.WriteStream(events));
            var folded = AnthropicKit.Fold(events);
            judged.IsStopped.ShouldBe(folded.IsComplete);
            if (!folded.IsComplete) continue;
            string whole = AnthropicKit.WriteAnswer(folded.ToResponse());
            var expected = JsonNode.Parse(whole)!["content"]!.AsArray();
            foreach (var block in expected) block!.AsObject().Remove("citations");
            var actual = judged.Message["content"]!.AsArray();
            foreach (var block in actual) block!.AsObject().Remove("citations");
            JsonAssert.Difference(expected.ToJsonString(), actual.ToJsonString()).ShouldBeNull($"seed {seed}");
        }
    }

    // A legal sequence: parts that overlap, empty ones, keep-alives and usage anywhere, sometimes a failure.
    private static List<StreamEvent> Generate(Random random)
    {
        var events = new List<StreamEvent> { new ResponseStarted { Id = "r", Model = "m" } };
        var open = new List<(int Index, Part Part)>();
        int next = 0, steps = random.Next(1, 40);
        for (int i = 0; i < steps; i++)
        {
            switch (random.Next(8))
            {
                case 0 or 1:
                    Part part = random.Next(4) switch { 0 => new TextPart(""), 1 => new ReasoningPart(""), 2 => new RefusalPart(""), _ => new ToolCallPart($"c{next}", "f", "") };
                    open.Add((next, part));
                    events.Add(new PartStarted(0, next++, part));
                    break;
                case 2 when open.Count > 0:
                    int at = random.Next(open.Count);
                    if (open[at].Part is ToolCallPart && random.Next(2) == 0) events.Add(new PartDelta(0, open[at].Index, new ArgumentsDelta("")));
                    events.Add(new PartEnded(0, open[at].Index));
                    open.RemoveAt(at);
                    break;
                case 3: events.Add(KeepAlive.Instance); break;
                case 4: events.Add(new UsageReported(new Usage { InputTokens = random.Next(100), OutputTokens = random.Next(100) })); break;
                default:
                    if (open.Count == 0) break;
                    var (index, target) = open[random.Next(open.Count)];
                    Delta? delta = target switch { TextPart => new TextDelta("t"), ReasoningPart => new ReasoningDelta("r"), RefusalPart => new RefusalDelta("n"), _ => null };
                    if (delta is not null) events.Add(new PartDelta(0, index, delta));
                    break;
            }
        }
        if (random.Next(6) == 0)
        {
            events.Add(new StreamFailed(new GatewayError(ErrorKind.Network, "cut")));
            return events;
        }
        events.AddRange(open.Select(o => new PartEnded(0, o.Index)));
        events.Add(new CandidateFinished(0, FinishReason.Stop));
        events.Add(new ResponseEnded());
        return events;
    }

    private static string Sse(params string[] data) => string.Concat(data.Select(d => $"event: {(d.StartsWith('{') ? JsonNode.Parse(d)!["type"]?.GetValue<string>() : "x")}\ndata: {d}\n\n"));
}
