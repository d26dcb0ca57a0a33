using System.ClientModel.Primitives;
using OpenAI.Responses;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIResponses;

#pragma warning disable OPENAI001 // the Responses client of the official SDK is marked experimental

/// <summary>Streams of other formats, told to clients of this one, and streams that differ from OpenAI's own.</summary>
public sealed class ResponsesStreamTests
{
    private static StreamEvent[] Everything { get; } =
    [
        new ResponseStarted { Id = "msg_1", Model = "claude-sonnet-5" },
        new PartStarted(0, 0, new ReasoningPart("")),
        new PartDelta(0, 0, new ReasoningDelta("Let me ")),
        new PartDelta(0, 0, new ReasoningDelta("think.")),
        new PartDelta(0, 0, new SignatureDelta(new Signature("c2ln", "anthropic"))),
        new PartEnded(0, 0),
        KeepAlive.Instance,
        new PartStarted(0, 1, new TextPart("")),
        new PartDelta(0, 1, new TextDelta("Hello ")),
        new PartDelta(0, 1, new TextDelta("\"world\"\n")),
        new PartEnded(0, 1),
        new PartStarted(0, 2, new TextPart("")),
        new PartDelta(0, 2, new CitationDelta(new Citation { Kind = "x", Url = "https://example.com" })),
        new PartDelta(0, 2, new TextDelta("again")),
        new PartDelta(0, 2, new LogprobsDelta([new TokenLogprob("again", -0.5)])),
        new PartEnded(0, 2),
        new PartStarted(0, 3, new ToolCallPart("toolu_1", "f", "")),
        new PartStarted(0, 4, new ToolCallPart("toolu_2", "g", "") { Signature = new Signature("Z2Vt", "gemini") }),
        new PartDelta(0, 3, new ArgumentsDelta("{\"a\":")),
        new PartDelta(0, 3, new ArgumentsDelta("1}")),
        new PartEnded(0, 4),
        new PartEnded(0, 3),
        new PartStarted(0, 5, new ToolCallPart("call_3", "run", "") { IsCustom = true }),
        new PartDelta(0, 5, new ArgumentsDelta("ls")),
        new PartEnded(0, 5),
        new PartStarted(0, 6, new TextPart("")),
        new PartDelta(0, 6, new SignatureDelta(new Signature("dGFpbA==", "gemini"))),
        new PartEnded(0, 6),
        new UsageReported(new Usage { InputTokens = 10, OutputTokens = 5 }),
        new CandidateFinished(0, FinishReason.ToolCalls),
        new ResponseEnded(),
    ];

    private static TranslationContext Context() => Responses.Context(upstream: WireFormatId.AnthropicMessages, request: Responses.Request("""{"model":"m","input":"hi","stream":true}"""));

    [Fact]
    public void Encode_Everything_IsReadByTheOfficialSdkEventByEvent()
    {
        var data = Responses.Data(Responses.Stream(Everything, Context()));

        data.Select(e => e.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, data.Count));
        foreach (var next in data)
        {
            var update = ModelReaderWriter.Read<StreamingResponseUpdate>(BinaryData.FromString(next.GetRawText())).ShouldNotBeNull();
            update.SequenceNumber.ShouldBe(next.GetProperty("sequence_number").GetInt32());
            if (OpenApiSchema.IsAvailable) OpenApiSchema.Of("ResponseStreamEvent").Fault(next).ShouldBeNull(next.GetRawText());
        }
        data[^1].GetProperty("type").GetString().ShouldBe("response.completed");
        data[^1].GetProperty("response").GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(15);
    }

    [Fact]
    public void Encode_ThenDecode_IsTheSameAnswer()
    {
        var context = Responses.Context();

        var folded = Responses.Fold(Responses.Events(Responses.Stream(Everything, Context()), context));

        var parts = folded.Candidates[0].Parts;
        parts.OfType<TextPart>().Select(t => t.Text).ShouldBe(["Hello \"world\"\n", "again"]);
        parts.OfType<ToolCallPart>().Select(c => (c.CallId, c.Name, c.Arguments)).ShouldBe([("toolu_1", "f", "{\"a\":1}"), ("toolu_2", "g", "{}"), ("call_3", "run", "ls")]);
        parts.OfType<ReasoningPart>().First().Text.ShouldBe("Let me think.");
        folded.Candidates[0].FinishReason.ShouldBe(FinishReason.ToolCalls);
        folded.Candidates[0].Logprobs.ShouldNotBeNull().Select(t => (t.Token, t.Logprob)).ShouldBe([("again", -0.5)]);
        folded.Usage!.InputTokens.ShouldBe(10);
    }

    [Fact]
    public void Encode_Items_ArePairedAndInTheFinalResponse()
    {
        var data = Responses.Data(Responses.Stream(Everything, Context()));
        var added = data.Where(e => e.GetProperty("type").GetString() == "response.output_item.added").ToList();
        var done = data.Where(e => e.GetProperty("type").GetString() == "response.output_item.done").OrderBy(e => e.GetProperty("output_index").GetInt32()).ToList();

        added.Select(e => e.GetProperty("output_index").GetInt32()).ShouldBe(Enumerable.Range(0, added.Count));
        done.Select(e => e.GetProperty("item").GetProperty("id").GetString()).ShouldBe(added.Select(e => e.GetProperty("item").GetProperty("id").GetString()));
        data[^1].GetProperty("response").GetProperty("output").EnumerateArray().Select(i => i.GetRawText()).ShouldBe(done.Select(e => e.GetProperty("item").GetRawText()));
        // Signed pieces have a reasoning item beside them, and the two texts in a row share a message.
        done.Select(e => e.GetProperty("item").GetProperty("type").GetString())
            .ShouldBe(["reasoning", "message", "function_call", "reasoning", "function_call", "custom_tool_call", "reasoning"]);
    }

    [Fact]
    public void Encode_Failure_EndsWithAnErrorAndAFailedResponse()
    {
        StreamEvent[] events = [.. Everything.Take(9), new StreamFailed(new GatewayError(ErrorKind.Overloaded, "The model is busy.")), new ResponseEnded()];

        var data = Responses.Data(Responses.Stream(events, Context()));

        data[^2].GetProperty("type").GetString().ShouldBe("error");
        data[^2].GetProperty("message").GetString().ShouldBe("The model is busy.");
        data[^1].GetProperty("type").GetString().ShouldBe("response.failed");
        data[^1].GetProperty("response").GetProperty("error").GetProperty("message").GetString().ShouldBe("The model is busy.");
        data.ShouldNotContain(e => e.GetProperty("type").GetString() == "response.completed");
        foreach (var next in data) ModelReaderWriter.Read<StreamingResponseUpdate>(BinaryData.FromString(next.GetRawText())).ShouldNotBeNull();
    }

    [Fact]
    public void Encode_CutAnswer_IsIncomplete()
    {
        StreamEvent[] events = [.. Everything.Take(11), new CandidateFinished(0, FinishReason.Length), new ResponseEnded()];

        var last = Responses.Data(Responses.Stream(events, Context()))[^1];

        last.GetProperty("type").GetString().ShouldBe("response.incomplete");
        last.GetProperty("response").GetProperty("incomplete_details").GetProperty("reason").GetString().ShouldBe("max_output_tokens");
        last.GetProperty("response").GetProperty("output")[1].GetProperty("status").GetString().ShouldBe("incomplete");
    }

    [Fact]
    public void Decode_OverlappingItems_GoByOutputIndex()
    {
        // OpenRouter opens the message before it closes the reasoning, and sends no event names.
        const string Stream = """
            data: {"type":"response.created","response":{"id":"r","model":"m","status":"in_progress"},"sequence_number":0}

            data: {"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"rs","summary":[]}}

            data: {"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"Think","item_id":"rs"}

            data: {"type":"response.output_item.added","output_index":1,"item":{"type":"message","id":"msg","role":"assistant","content":[]}}

            data: {"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"Hel","item_id":"msg"}

            data: {"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"Think"}],"encrypted_content":"enc"}}

            data: {"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"lo","item_id":"msg"}

            data: {"type":"response.completed","response":{"id":"r","status":"completed","output":[],"usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3}}}

            data: [DONE]


            """;

        var parts = Responses.Fold(Responses.Events(Stream)).Candidates[0].Parts;

        parts[0].ShouldBeOfType<ReasoningPart>().ShouldSatisfyAllConditions(r => r.Text.ShouldBe("Think"), r => r.Signature.ShouldBe(new Signature("enc", "openai")));
        parts[1].ShouldBeOfType<TextPart>().Text.ShouldBe("Hello");
    }

    [Fact]
    public void Decode_AnswerOnlyInTheLastEvent_IsTakenFromThere()
    {
        const string Stream = """
            data: {"type":"response.completed","response":{"id":"r","model":"m","status":"completed","output":[{"type":"message","id":"msg","role":"assistant","content":[{"type":"output_text","text":"Hello"}]},{"type":"function_call","id":"fc","call_id":"c","name":"f","arguments":"{\"a\":1}"}]}}


            """;
        var events = Responses.Events(Stream);

        events.OfType<PartDelta>().Select(d => d.Delta).ShouldBe([new TextDelta("Hello"), new ArgumentsDelta("{\"a\":1}")]);
        Responses.Fold(events).Candidates[0].FinishReason.ShouldBe(FinishReason.ToolCalls);
    }

    [Theory]
    [InlineData("data: {\"this is\": not JSON\n\n", "not valid JSON")]
    [InlineData("data: []\n\n", "not a JSON object")]
    [InlineData("data: {\"error\":{\"message\":\"Down.\",\"code\":503}}\n\n", "Down.")]
    [InlineData("event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"Down.\",\"param\":null}\n\n", "Down.")]
    [InlineData("data: {\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"Down.\"}}}\n\n", "Down.")]
    [InlineData("data: {\"type\":\"response.output_text.delta\",\"output_index\":99999999999,\"delta\":\"x\"}\n\n", "output_index")]
    [InlineData("data: {\"type\":\"response.output_text.delta\",\"output_index\":-1,\"delta\":\"x\"}\n\n", "output_index")]
    [InlineData("data: {\"type\":\"response.output_item.added\",\"output_index\":0}\n\n", "item")]
    [InlineData("", "before the answer was complete")]
    [InlineData("data: [DONE]\n\n", "before the answer was complete")]
    public void Decode_BrokenStream_FailsOnce(string stream, string words)
    {
        var events = Responses.Events(stream);

        events.OfType<StreamFailed>().ShouldHaveSingleItem().Error.Message.ShouldContain(words);
        events[^1].ShouldBeOfType<StreamFailed>();
    }
}
