using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Gemini;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;
using static Sluice.Formats.Tests.Gemini.GeminiTesting;

namespace Sluice.Formats.Tests.Gemini;

public sealed class GeminiStreamTests
{
    private static readonly string[] Chunks =
    [
        """{"candidates":[{"content":{"parts":[{"text":"I ","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":4,"totalTokenCount":4},"modelVersion":"gemini-x","responseId":"r1"}""",
        """{"candidates":[{"content":{"parts":[{"text":"think.","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":9,"totalTokenCount":13}}""",
        """{"candidates":[{"content":{"parts":[{"text":"Hel"}],"role":"model"}}]}""",
        """{"candidates":[{"content":{"parts":[{"text":"lo"}],"role":"model"}}]}""",
        """{"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"sig"}],"role":"model"}}]}""",
        """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":1},"id":"c1"}},{"functionCall":{"name":"g","args":{},"id":"c2"}}],"role":"model"}}]}""",
        """{"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":5,"thoughtsTokenCount":2,"totalTokenCount":11}}""",
    ];

    private const string Whole = """
        {"candidates":[{"content":{"parts":[{"text":"I think.","thought":true},{"text":"Hello","thoughtSignature":"sig"},{"functionCall":{"name":"f","args":{"a":1},"id":"c1"}},{"functionCall":{"name":"g","args":{},"id":"c2"}}],"role":"model"},"finishReason":"STOP","index":0}],
         "usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":5,"thoughtsTokenCount":2,"totalTokenCount":11},"modelVersion":"gemini-x","responseId":"r1"}
        """;

    [Fact]
    public void Decode_Folded_IsTheWholeAnswer()
    {
        var folded = Fold(DecodeChunks(Chunks)).ToResponse();

        JsonAssert.Difference(Whole, EncodeAnswer(folded)).ShouldBeNull();
        folded.Candidates[0].FinishReason.ShouldBe(FinishReason.ToolCalls);
        folded.Usage!.OutputTokens.ShouldBe(7);
    }

    [Fact]
    public void Decode_Usage_IsToldFirstAndLastOnly() => DecodeChunks(Chunks).OfType<UsageReported>().Select(u => u.Usage.TotalTokens).ShouldBe([4, 11]);

    [Fact]
    public void Decode_SplitAtEveryByte_GivesTheSameEvents()
    {
        string sse = string.Concat(Chunks.Select(c => $"data: {c}\r\n\r\n"));
        string whole = string.Join('\n', DecodeStream(sse));
        for (int split = 1; split < sse.Length; split++) string.Join('\n', DecodeStream(sse, split)).ShouldBe(whole);
    }

    [Fact]
    public void Decode_SignatureInTheMiddle_BeginsANewPart()
    {
        var parts = Fold(DecodeChunks(
            """{"candidates":[{"content":{"parts":[{"text":"a","thoughtSignature":"s1"},{"text":"b"},{"text":"","thoughtSignature":"s2"},{"executableCode":{"language":"PYTHON","code":"1"}},{"text":""},{"thoughtSignature":"s3"}]},"finishReason":"STOP"}]}""")).ToResponse().Candidates[0].Parts;

        parts.Select(p => (p is TextPart t ? t.Text : "code", p.Signature?.Value)).ShouldBe([("a", "s1"), ("b", "s2"), ("code", null), ("", "s3")]);
    }

    [Fact]
    public void Decode_ArgumentsInPieces_AreOneObject()
    {
        var events = DecodeChunks(
            """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","id":"c","willContinue":true}}]}}]}""",
            """{"candidates":[{"content":{"parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.a.b[0].text","stringValue":"He\"","willContinue":true}],"willContinue":true}}]}}]}""",
            """{"candidates":[{"content":{"parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.a.b[0].text","stringValue":"llo"},{"jsonPath":"$.n","numberValue":1.50},{"jsonPath":"$['odd key']","boolValue":true},{"jsonPath":"$.z","nullValue":"NULL_VALUE"},{"jsonPath":"$.e[]"}],"willContinue":true}}]}}]}""",
            """{"candidates":[{"content":{"parts":[{"functionCall":{}}]},"finishReason":"STOP"}]}""");

        var call = (ToolCallPart)Fold(events).ToResponse().Candidates[0].Parts.ShouldHaveSingleItem();

        JsonAssert.Difference("""{"a":{"b":[{"text":"He\"llo"}]},"n":1.5,"odd key":true,"z":null,"e":[]}""", call.Arguments).ShouldBeNull();
        call.CallId.ShouldBe("c");
    }

    [Theory]
    [InlineData("""{"jsonPath":"$.a[999999999]","numberValue":1}""")]
    [InlineData("""{"jsonPath":"$.a[","numberValue":1}""")]
    [InlineData("""{"numberValue":1}""")]
    public void Decode_PiecesThatMakeNoArguments_FailTheStream(string piece) =>
        Fold(DecodeChunks($$$"""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","partialArgs":[{{{piece}}}]}}]},"finishReason":"STOP"}]}""")).Error!.Kind.ShouldBe(ErrorKind.MalformedAnswer);

    [Fact]
    public void Decode_SeveralCandidates_AreKeptApart()
    {
        var answer = Fold(DecodeChunks(
            """{"candidates":[{"content":{"parts":[{"text":"a"}]}},{"content":{"parts":[{"text":"b"}]},"index":1}]}""",
            """{"candidates":[{"content":{"parts":[{"text":"B"}]},"index":1,"finishReason":"STOP"}]}""",
            """{"candidates":[{"content":{"parts":[{"text":"A"}]},"index":0,"finishReason":"MAX_TOKENS"}]}""")).ToResponse();

        answer.Candidates.Select(c => (c.Index, ((TextPart)c.Parts[0]).Text, c.FinishReason!.Value.Value)).ShouldBe([(0, "aA", "length"), (1, "bB", "stop")]);
    }

    [Fact]
    public void Decode_SoundInPieces_IsOnePart()
    {
        var answer = Fold(DecodeChunks(
            """{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"audio/L16;rate=24000","data":"AAE="}}]}}]}""",
            """{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"audio/L16;rate=24000","data":"AgM="}},{"inlineData":{"mimeType":"image/png","data":"AA=="}}]},"finishReason":"STOP"}]}""")).ToResponse();

        answer.Candidates[0].Parts.Cast<MediaPart>().Select(p => ((InlineMedia)p.Source).Base64).ShouldBe(["AAECAw==", "AA=="]);
    }

    [Fact]
    public void Decode_Grounding_CitesTheJoinedText()
    {
        var answer = Fold(DecodeChunks(
            """{"candidates":[{"content":{"parts":[{"text":"One "}]}}]}""",
            """{"candidates":[{"content":{"parts":[{"text":"two"}]},"groundingMetadata":{"webSearchQueries":["q"]}}]}""",
            """{"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"s"}]},"finishReason":"STOP","groundingMetadata":{"groundingChunks":[{"web":{"uri":"u"}}],"groundingSupports":[{"segment":{"startIndex":4,"endIndex":7,"text":"two"},"groundingChunkIndices":[0]}]}}]}""")).ToResponse();

        var text = (TextPart)answer.Candidates[0].Parts.ShouldHaveSingleItem();
        text.Citations.ShouldHaveSingleItem().StartIndex.ShouldBe(4);
        text.Signature!.Value.ShouldBe("s");
        answer.Candidates[0].Notes!.Fields.ShouldHaveSingleItem().Value.ToString().ShouldContain("groundingChunks");
    }

    [Fact]
    public void Decode_BlockedPrompt_IsAFilteredAnswer()
    {
        var folder = Fold(DecodeChunks("""{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":3},"modelVersion":"m"}"""));

        folder.IsComplete.ShouldBeTrue();
        folder.ToResponse().Candidates.ShouldHaveSingleItem().FinishReason.ShouldBe(FinishReason.ContentFilter);
    }

    [Theory]
    [InlineData("")]
    [InlineData("data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}\r\n\r\n")]
    [InlineData("data: {\"usageMetadata\":{}}\r\n\r\n")]
    public void Decode_CutOff_IsAFailure(string sse) => Fold(DecodeStream(sse)).Error!.Message.ShouldBe("the provider's stream ended before the answer was complete");

    [Theory]
    [InlineData("{\"this is\": not JSON")]
    [InlineData("5")]
    [InlineData("[5]")]
    [InlineData("{\"candidates\":[5]}")]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":[5]}}]}")]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"willContinue\":true}}]}}]}")]
    public void Decode_Malformed_IsOneFailureAndThenSilence(string data)
    {
        var events = DecodeChunks([Chunks[0], data, .. Chunks[1..]]);

        events.OfType<StreamFailed>().ShouldHaveSingleItem().Error.Kind.ShouldBe(ErrorKind.MalformedAnswer);
        events[^1].ShouldBeOfType<StreamFailed>();
    }

    [Theory]
    [InlineData("""{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}""")]
    [InlineData("""[{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}]""")]
    public void Decode_ErrorInside_KeepsTheProvidersWords(string data)
    {
        var error = Fold(DecodeChunks(Chunks[0], data)).Error!;

        (error.Kind, error.Message, error.Status).ShouldBe((ErrorKind.Overloaded, "busy", 503));
    }

    [Fact]
    public void Encode_EventsOfAnotherFormat_AreChunksThatReadTheSame()
    {
        StreamEvent[] events =
        [
            new ResponseStarted { Id = "msg_1", Model = "claude" },
            KeepAlive.Instance,
            new PartStarted(0, 0, new ReasoningPart("")),
            new PartDelta(0, 0, new ReasoningDelta("hm")),
            new PartDelta(0, 0, new SignatureDelta(new Signature("sig", "anthropic"))),
            new PartEnded(0, 0),
            new PartStarted(0, 1, new TextPart("")),
            new PartDelta(0, 1, new TextDelta("Hi")),
            new PartStarted(0, 2, new ToolCallPart("c1", "f", "")),
            new PartDelta(0, 2, new ArgumentsDelta("{\"a\":\n")),
            new PartDelta(0, 1, new TextDelta("!")),
            new PartStarted(0, 3, new ToolCallPart("c2", "g", "")),
            new PartEnded(0, 3),
            new PartDelta(0, 2, new ArgumentsDelta("1}")),
            new PartEnded(0, 1),
            new PartEnded(0, 2),
            new CandidateFinished(0, FinishReason.ToolCalls),
            new UsageReported(new Usage { InputTokens = 3, OutputTokens = 2 }),
            new ResponseEnded(),
        ];
        Check(events);

        string sse = EncodeStream(events, Foreign());

        sse.ShouldBe(string.Concat(new[]
        {
            Chunk("""{"text":"hm","thought":true}"""),
            Chunk("""{"text":"","thought":true,"thoughtSignature":"c2x1aWNlLnYxOmFudGhyb3BpYzpzaWc="}"""),
            Chunk("""{"text":"Hi"}"""),
            Chunk("""{"text":"!"}"""),
            Chunk("""{"functionCall":{"id":"c1","name":"f","args":{"a":1}}}"""),
            Chunk("""{"functionCall":{"id":"c2","name":"g","args":{}}}"""),
            """{"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2,"totalTokenCount":5},"modelVersion":"claude","responseId":"msg_1"}""",
        }.Select(c => $"data: {c}\r\n\r\n")));

        static string Chunk(string part) => $$$"""{"candidates":[{"content":{"parts":[{{{part}}}],"role":"model"},"index":0}],"modelVersion":"claude","responseId":"msg_1"}""";
    }

    [Fact]
    public void Encode_WithoutEvents_IsOneArray()
    {
        string array = EncodeStream(DecodeChunks(Chunks), Context(style: StreamStyle.JsonArray));
        var relayed = new ArrayBufferWriter<byte>();
        var framing = new GeminiArrayFraming();
        foreach (string chunk in Chunks) framing.Chunk(Encoding.UTF8.GetBytes(chunk), relayed);
        framing.End(relayed);

        var chunks = JsonDocument.Parse(array).RootElement.EnumerateArray().ToArray();
        chunks[^1].GetProperty("candidates")[0].GetProperty("finishReason").GetString().ShouldBe("STOP");
        JsonDocument.Parse(relayed.WrittenMemory).RootElement.GetArrayLength().ShouldBe(Chunks.Length);
    }

    [Theory]
    [InlineData(StreamStyle.Default)]
    [InlineData(StreamStyle.JsonArray)]
    public void Encode_Failure_EndsWithAnErrorAndNoFinishReason(StreamStyle style)
    {
        var error = Format.DecodeError(503, Bytes("{\n \"error\": {\"code\": 503, \"message\": \"busy\", \"status\": \"UNAVAILABLE\"}\n}"));
        StreamEvent[] events = [new ResponseStarted(), new PartStarted(0, 0, new TextPart("")), new PartDelta(0, 0, new TextDelta("a")), new StreamFailed(error)];

        string body = EncodeStream(events, Context(style: style));
        var output = new ArrayBufferWriter<byte>();
        Format.EncodeStreamError(error, style, output);

        body.ShouldNotContain("finishReason");
        string last = style == StreamStyle.JsonArray ? JsonDocument.Parse(body).RootElement[1].GetRawText() : body.Split("\r\n\r\n")[^2]["data: ".Length..];
        last.ShouldNotContain("\n");
        JsonDocument.Parse(last).RootElement.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(503);
        body.ShouldEndWith(Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Encode_EndWithoutAnything_IsAFinishedAnswer() =>
        JsonAssert.Difference("""{"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"OTHER","index":0}]}""", EncodeStream([new ResponseStarted(), new ResponseEnded()], Foreign())["data: ".Length..]).ShouldBeNull();
}
