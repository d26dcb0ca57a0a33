using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Tests.Streaming;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OllamaChat;

public sealed class OllamaStreamWritingTests
{
    private static readonly ResponseStarted Start = new() { Id = "r", Model = "claude" };

    [Fact]
    public void Encode_OfThinkingTextAndACall_WritesALineForEachAndOneAtTheEnd()
    {
        var time = new ManualTime();
        var context = Ollama.Context(WireFormatId.OllamaChat, time: time);
        var encoder = Ollama.Format.CreateStreamEncoder(context);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        StreamEvent[] events =
        [
            Start,
            new PartStarted(0, 0, new ReasoningPart("")),
            new PartDelta(0, 0, new ReasoningDelta("Hm.")),
            new PartEnded(0, 0),
            new PartStarted(0, 1, new TextPart("")),
            new PartDelta(0, 1, new TextDelta("größer")),
            new PartEnded(0, 1),
            new PartStarted(0, 2, new ToolCallPart("toolu_1", "get", "")),
            new PartDelta(0, 2, new ArgumentsDelta("{\n \"city\":")),
            new PartDelta(0, 2, new ArgumentsDelta("\"Paris\"}")),
            new PartEnded(0, 2),
            new UsageReported(new Usage { InputTokens = 26, OutputTokens = 5, CacheReadTokens = 3 }),
            new CandidateFinished(0, FinishReason.ToolCalls),
            new ResponseEnded(),
        ];
        foreach (var next in events)
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            encoder.Encode(next, output);
        }

        string[] lines = System.Text.Encoding.UTF8.GetString(output.WrittenSpan).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.Length.ShouldBe(4);
        JsonAssert.Difference("""{"model":"claude","created_at":"2026-11-20T12:00:00.03Z","message":{"role":"assistant","content":"","thinking":"Hm."},"done":false}""", lines[0]).ShouldBeNull();
        JsonAssert.Difference("""{"model":"claude","created_at":"2026-11-20T12:00:00.06Z","message":{"role":"assistant","content":"größer"},"done":false}""", lines[1]).ShouldBeNull();
        JsonAssert.Difference("""{"model":"claude","created_at":"2026-11-20T12:00:00.11Z","message":{"role":"assistant","content":"","tool_calls":[{"id":"toolu_1","function":{"name":"get","arguments":{"city":"Paris"}}}]},"done":false}""", lines[2]).ShouldBeNull();
        var end = JsonDocument.Parse(lines[3]).RootElement;
        (end.GetProperty("done").GetBoolean(), end.GetProperty("done_reason").GetString()).ShouldBe((true, "stop"));
        (end.GetProperty("prompt_eval_count").GetInt64(), end.GetProperty("eval_count").GetInt64()).ShouldBe((26, 5));
        Milliseconds("total_duration").ShouldBe(140);
        Milliseconds("load_duration").ShouldBe(0);
        Milliseconds("prompt_eval_duration").ShouldBe(30);
        Milliseconds("eval_duration").ShouldBe(110);

        double Milliseconds(string name) => Math.Round(end.GetProperty(name).GetInt64() / 1e6);
    }

    [Fact]
    public void Encode_OfAFailure_WritesAnErrorAndNoEnd()
    {
        string[] lines = Ollama.Lines([Start, new PartStarted(0, 0, new TextPart("a")), new StreamFailed(new GatewayError(ErrorKind.Overloaded, "no\nroom"))], Ollama.Context(WireFormatId.OllamaChat));

        lines.Length.ShouldBe(2);
        lines[1].ShouldBe("""{"error":"no\nroom"}""");
    }

    [Fact]
    public void Encode_OfSummaryParagraphs_PutsABlankLineBetween()
    {
        string[] lines = Ollama.Lines(
            [
                Start,
                new PartStarted(0, 0, new ReasoningPart("")),
                new PartDelta(0, 0, new ReasoningDelta("first") { Paragraph = 0 }),
                new PartDelta(0, 0, new ReasoningDelta("second") { Paragraph = 1 }),
                new PartEnded(0, 0),
                new PartStarted(0, 1, new ReasoningPart("")),
                new PartDelta(0, 1, new ReasoningDelta("third")),
                new PartEnded(0, 1),
            ],
            Ollama.Context(WireFormatId.OllamaChat));

        string.Concat(lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("message").GetProperty("thinking").GetString())).ShouldBe("first\n\nsecond\n\nthird");
    }

    [Fact]
    public void Encode_OfSignedThinkingBeforeACall_LetsItComeBackWithTheCall()
    {
        var signature = new Signature("EqQBCgIYAg==", "anthropic");
        string[] lines = Ollama.Lines(
            [
                Start,
                new PartStarted(0, 0, new ReasoningPart("")),
                new PartDelta(0, 0, new ReasoningDelta("Hm.")),
                new PartDelta(0, 0, new SignatureDelta(signature)),
                new PartEnded(0, 0),
                new PartStarted(0, 1, new ToolCallPart("toolu_1", "get", "{}") { Signature = new Signature("gem", "gemini") }),
                new PartEnded(0, 1),
            ],
            Ollama.Context(WireFormatId.OllamaChat));
        string call = JsonDocument.Parse(lines[^1]).RootElement.GetProperty("message").GetProperty("tool_calls")[0].GetRawText();

        // A client that gathers the pieces of a stream keeps the calls as they are.
        var parts = Ollama.Request($$"""{"model":"m","messages":[{"role":"assistant","content":"","thinking":"Hm.","tool_calls":[{{call}}]}]}""").Messages[0].Parts;

        parts[0].ShouldBe(new ReasoningPart("Hm.") { Signature = signature, SummaryParagraphs = ((ReasoningPart)parts[0]).SummaryParagraphs });
        parts[1].Signature.ShouldBe(new Signature("gem", "gemini"));
    }

    [Fact]
    public void Encode_OfArgumentsThatAreNoObject_PutsThemUnderInputAndSaysSo()
    {
        var context = Ollama.Context(WireFormatId.OllamaChat);
        string[] lines = Ollama.Lines([Start, new PartStarted(0, 0, new ToolCallPart("c", "f", "{\"cut\":")), new PartEnded(0, 0)], context);

        lines[0].ShouldContain("""{"input":"{\"cut\":"}""");
        context.Losses.Losses.ShouldHaveSingleItem().Kind.ShouldBe(LossKind.Changed);
    }

    [Fact]
    public void Encode_OfAnyLegalStream_IsALegalAnswerWithTheSameMeaning()
    {
        PropertyChecks.Holds(LegalStreams.Generator, stream =>
        {
            string[] lines = Ollama.Lines(stream.Events, Ollama.Context(WireFormatId.OllamaChat));
            var read = OllamaStreamJudge.Read(lines);

            var first = stream.Events.Where(e => e is not (PartStarted { Candidate: > 0 } or PartDelta { Candidate: > 0 } or PartEnded { Candidate: > 0 })).ToArray();
            if (stream.Events[^1] is StreamFailed)
            {
                read.Failed.ShouldBeTrue();
                return;
            }
            var expected = Ollama.Fold(first).Candidates[0];
            read.Failed.ShouldBeFalse();
            read.Text.ShouldBe(string.Concat(expected.Parts.Select(p => p switch { TextPart t => t.Text, RefusalPart r => r.Text, _ => "" })));
            read.Thinking.ShouldBe(string.Join("\n\n", expected.Parts.OfType<ReasoningPart>().Select(r => r.Text).Where(t => t.Length > 0)));
            read.Calls.ShouldBe(expected.Parts.OfType<ToolCallPart>().Select(c => c.CallId));
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SignatureWithoutACallToCarryIt_IsReported(bool stream)
    {
        var context = Ollama.Context(WireFormatId.OllamaChat);
        var thinking = new ReasoningPart("Hm.") { Signature = new Signature("c2ln", "anthropic") };

        if (stream) Ollama.Lines([Start, new PartStarted(0, 0, thinking), new PartEnded(0, 0), new PartStarted(0, 1, new TextPart("Yes.")), new PartEnded(0, 1), new CandidateFinished(0, FinishReason.Stop), new ResponseEnded()], context);
        else Ollama.Write(new ChatResponse { Candidates = [new Candidate { Parts = [thinking, new TextPart("Yes.")] }] }, context);

        context.Losses.Losses.ShouldHaveSingleItem().Path.ShouldBe("reasoning.signature");
    }

    [Fact]
    public void SignatureThatACallCarries_IsNoLoss()
    {
        var context = Ollama.Context(WireFormatId.OllamaChat);
        var thinking = new ReasoningPart("Hm.") { Signature = new Signature("c2ln", "anthropic") };

        Ollama.Lines([Start, new PartStarted(0, 0, thinking), new PartEnded(0, 0), new PartStarted(0, 1, new ToolCallPart("c", "f", "{}")), new PartEnded(0, 1), new CandidateFinished(0, FinishReason.ToolCalls), new ResponseEnded()], context);

        context.Losses.IsEmpty.ShouldBeTrue();
    }
}
