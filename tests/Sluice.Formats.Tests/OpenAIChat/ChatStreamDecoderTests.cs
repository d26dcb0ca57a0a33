using Sluice.Chat;
using Sluice.Errors;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIChat;

/// <summary>What vendors do in streams.</summary>
public sealed class ChatStreamDecoderTests
{
    private static readonly IChatClientFormat Client = WireFormats.Find<IChatClientFormat>(WireFormatId.OpenAIChat)!;

    [Fact]
    public void Calls_OneAfterTheOther_EndWhenTheNextBegins()
    {
        var events = Decode(Delta("""{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}"""), Delta("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":\"}\\\"\"}"}}]}"""), Delta("""{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]}"""), Finish("tool_calls"), "[DONE]");
        events.FindIndex(e => e is PartEnded { Index: 0 }).ShouldBeLessThan(events.FindIndex(e => e is PartStarted { Index: 1 }));
        Parts(events).ShouldBe(["a f {\"x\":\"}\\\"\"}", "b g {}"]);
    }

    [Fact]
    public void Calls_WithMixedFragments_FoldRight() =>
        Parts(Decode(
            Delta("""{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\""}},{"index":1,"id":"b","function":{"name":"g","arguments":"{\"y\""}}]}"""),
            Delta("""{"tool_calls":[{"index":1,"function":{"arguments":":2}"}},{"index":0,"function":{"arguments":":1}"}}]}"""),
            Finish("tool_calls"), "[DONE]")).ShouldBe(["a f {\"x\":1}", "b g {\"y\":2}"]);

    [Fact]
    public void Calls_ThatAllHaveNumberZero_AreToldApart()
    {
        Parts(Decode(Delta("""{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}"""), Delta("""{"tool_calls":[{"index":0,"id":"b","function":{"name":"f","arguments":"{}"}}]}"""), Finish("stop"), "[DONE]")).ShouldBe(["a f {}", "b f {}"]);
        Parts(Decode(Delta("""{"tool_calls":[{"index":0,"id":"","function":{"name":"f","arguments":"{}"}},{"index":0,"id":"","function":{"name":"g","arguments":"{}"}}]}"""), Finish("stop"), "[DONE]")).Select(p => p[^4..]).ShouldBe(["f {}", "g {}"]);
    }

    [Fact]
    public void Calls_WithoutNumbers_GoByIdAndOrder() =>
        Parts(Decode(Delta("""{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{"}}]}"""), Delta("""{"tool_calls":[{"function":{"arguments":"}"}}]}"""), Delta("""{"tool_calls":[{"id":"b","function":{"name":"g"}}]}"""), Finish("tool_calls"), "[DONE]")).ShouldBe(["a f {}", "b g {}"]);

    [Fact]
    public void Call_NumberedOneFirst_IsAPartLikeAnyOther() =>
        Parts(Decode(Delta("""{"content":"hi"}"""), Delta("""{"tool_calls":[{"index":1,"id":"a","function":{"name":"f","arguments":""}}]}"""), Finish("tool_calls"), "[DONE]")).ShouldBe(["hi", "a f {}"]);

    [Fact]
    public void Call_WhoseNameComesLate_StartsWithItsName() =>
        Parts(Decode(Delta("""{"tool_calls":[{"index":0,"id":"a","function":{"arguments":"{\"x\""}}]}"""), Delta("""{"tool_calls":[{"index":0,"function":{"name":"f","arguments":":1}"}}]}"""), Finish("tool_calls"), "[DONE]")).ShouldBe(["a f {\"x\":1}"]);

    [Fact]
    public void Call_InTheDeprecatedWay_IsACall() =>
        Parts(Decode(Delta("""{"function_call":{"name":"f","arguments":""}}"""), Delta("""{"function_call":{"arguments":"{\"x\":1}"}}"""), Finish("function_call"), "[DONE]")).ShouldBe(["function_f f {\"x\":1}"]);

    [Fact]
    public void Call_WithASignature_KeepsIt()
    {
        var events = Decode(Delta("""{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"s"}}}]}"""), Finish("tool_calls"), "[DONE]");
        ChatTesting.Fold(events).Candidates[0].Parts[0].Signature.ShouldBe(new Signature("s", "gemini"));
    }

    [Fact]
    public void Reasoning_InEachSpelling_IsReasoning()
    {
        foreach (string name in (string[])["reasoning", "reasoning_content"])
        {
            var parts = ChatTesting.Fold(Decode(Delta($$"""{"{{name}}":"a","content":null}"""), Delta($$"""{"{{name}}":"b"}"""), Delta($$"""{"{{name}}":null,"content":"c"}"""), Finish("stop"), "[DONE]")).Candidates[0].Parts;
            parts.Count.ShouldBe(2);
            parts[0].ShouldBeOfType<ReasoningPart>().Text.ShouldBe("ab");
            parts[1].ShouldBeOfType<TextPart>().Text.ShouldBe("c");
        }
    }

    [Fact]
    public void ThinkTags_InText_StayText() => Parts(Decode(Delta("""{"content":"<think>a</think>b"}"""), Finish("stop"), "[DONE]")).ShouldBe(["<think>a</think>b"]);

    [Fact]
    public void Finish_SaidTwiceAndUsageAfter_IsOneEnd()
    {
        var events = Decode(Delta("""{"content":"x"}"""), Finish("stop"), """{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}""", "[DONE]");
        events.OfType<CandidateFinished>().ShouldHaveSingleItem().Reason.ShouldBe(FinishReason.Stop);
        ChatTesting.Fold(events).Usage!.OutputTokens.ShouldBe(2);
    }

    [Fact]
    public void Finish_NeverSaidButDone_IsAnEnd()
    {
        var events = Decode(Delta("""{"content":"x"}"""), """{"choices":[],"usage":{"prompt_tokens":1}}""", "[DONE]");
        events[^1].ShouldBeOfType<ResponseEnded>();
    }

    [Fact]
    public void Stream_ThatClosesAfterTheReason_IsComplete() => Decode(Delta("""{"content":"x"}"""), Finish("stop"))[^1].ShouldBeOfType<ResponseEnded>();

    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"},{"index":1,"delta":{"content":"y"}}]}""")]
    [InlineData("""{"choices":[]}""")]
    public void Stream_ThatIsCutOff_Fails(string chunk) => Decode(chunk)[^1].ShouldBeOfType<StreamFailed>().Error.Kind.ShouldBe(ErrorKind.Network);

    [Fact]
    public void Stream_WithNothingInIt_Fails()
    {
        Decode()[^1].ShouldBeOfType<StreamFailed>();
        Decode("[DONE]")[^1].ShouldBeOfType<StreamFailed>();
    }

    [Theory]
    [InlineData("{\"this is\": not JSON")]
    [InlineData("5")]
    [InlineData("""{"choices":5}""")]
    [InlineData("""{"choices":[5]}""")]
    [InlineData("""{"choices":[{"delta":{"content":5}}]}""")]
    [InlineData("""{"choices":[{"delta":{"content":[5]}}]}""")]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[5]}}]}""")]
    [InlineData("""{"choices":[{"delta":{"tool_calls":{}}}]}""")]
    [InlineData("""{"choices":[{"delta":{"reasoning_details":[{}]}}]}""")]
    public void Chunk_ThatIsMalformed_FailsOnceAndThenIsSilent(string chunk)
    {
        var events = Decode(Delta("""{"content":"x"}"""), chunk, Delta("""{"content":"y"}"""), "[DONE]");
        events.OfType<StreamFailed>().ShouldHaveSingleItem().Error.Kind.ShouldBe(ErrorKind.MalformedAnswer);
        events[^1].ShouldBeOfType<StreamFailed>();
    }

    [Theory]
    [InlineData("""{"error":{"message":"broken","type":"server_error","status_code":503}}""", "overloaded")]
    [InlineData("""{"error":"broken"}""", "upstream")]
    [InlineData("""{"object":"error","message":"broken","code":429}""", "rate_limited")]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}],"error":{"code":502,"message":"broken"},"usage":{"prompt_tokens":7}}""", "upstream")]
    public void Error_InTheStream_FailsWithTheProvidersWords(string chunk, string kind)
    {
        var events = Decode(Delta("""{"content":"x"}"""), chunk, "[DONE]");
        var error = events[^1].ShouldBeOfType<StreamFailed>().Error;
        error.Message.ShouldBe("broken");
        error.Kind.Value.ShouldBe(kind);
        if (chunk.Contains("usage", StringComparison.Ordinal)) events.OfType<UsageReported>().Single().Usage.InputTokens.ShouldBe(7);
    }

    [Fact]
    public void Candidates_Several_AreKeptApart()
    {
        var answer = ChatTesting.Fold(Decode("""{"choices":[{"index":1,"delta":{"content":"b"}},{"index":0,"delta":{"content":"a"}}]}""", """{"choices":[{"index":0,"delta":{},"finish_reason":"length"},{"index":1,"delta":{"content":"c"},"finish_reason":"stop"}]}""", "[DONE]"));
        answer.Candidates.Select(c => ((TextPart)c.Parts[0]).Text).ShouldBe(["a", "bc"]);
        answer.Candidates.Select(c => c.FinishReason!.Value.Value).ShouldBe(["length", "stop"]);
    }

    [Fact]
    public void SoundPicturesRefusalsSourcesAndTokens_AreLifted()
    {
        var answer = ChatTesting.Fold(Decode(
            Delta("""{"role":"assistant","content":"see","annotations":[{"type":"url_citation","url_citation":{"url":"u","title":"t","start_index":0,"end_index":3}}]}"""),
            """{"choices":[{"index":0,"delta":{"content":"!"},"logprobs":{"content":[{"token":"!","logprob":-1,"bytes":[33],"top_logprobs":[{"token":"?","logprob":-2}]}]}}]}""",
            Delta("""{"audio":{"id":"au","transcript":"he"}}"""), Delta("""{"audio":{"data":"AA==","transcript":"y"}}"""), Delta("""{"audio":{"data":"AQ=="}}"""),
            Delta("""{"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,BB=="}}]}"""), Delta("""{"refusal":"no"}"""), Finish("stop"), "[DONE]"));
        var parts = answer.Candidates[0].Parts;
        parts[0].ShouldBeOfType<TextPart>().Citations.ShouldHaveSingleItem().Url.ShouldBe("u");
        var sound = parts[1].ShouldBeOfType<MediaPart>();
        (sound.Id, sound.Transcript, ((InlineMedia)sound.Source).Base64).ShouldBe(("au", "hey", "AAE="));
        parts[2].ShouldBeOfType<MediaPart>().Kind.ShouldBe(MediaKind.Image);
        parts[3].ShouldBeOfType<RefusalPart>().Text.ShouldBe("no");
        var token = answer.Candidates[0].Logprobs.ShouldHaveSingleItem();
        (token.Token, token.Bytes![0], token.Top[0].Token).ShouldBe(("!", 33, "?"));
    }

    [Fact]
    public void Calls_TooManyAtOnce_AreRefused()
    {
        string many = string.Join(',', Enumerable.Range(0, 2000).Select(i => $$$"""{"index":{{{i}}},"id":"c{{{i}}}","function":{"name":"f","arguments":"{"}}"""));
        Decode(Delta($$"""{"tool_calls":[{{many}}]}"""))[^1].ShouldBeOfType<StreamFailed>().Error.Kind.ShouldBe(ErrorKind.MalformedAnswer);
    }

    private static string Delta(string delta) => $$"""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{{delta}},"finish_reason":null}]}""";

    private static string Finish(string reason) => $$$"""{"choices":[{"index":0,"delta":{},"finish_reason":"{{{reason}}}"}]}""";

    private static List<StreamEvent> Decode(params string[] chunks) =>
        ChatTesting.Decode(Client, ChatTesting.Utf8(string.Concat(chunks.Select(c => $"data: {c}\n\n"))), ChatTesting.Context(WireFormatId.OpenAIChat, WireFormatId.OpenAIChat));

    private static IEnumerable<string> Parts(List<StreamEvent> events)
    {
        events[^1].ShouldBeOfType<ResponseEnded>();
        return ChatTesting.Fold(events).Candidates[0].Parts.Select(p => p is ToolCallPart call ? $"{call.CallId} {call.Name} {call.Arguments}" : ((TextPart)p).Text);
    }
}
