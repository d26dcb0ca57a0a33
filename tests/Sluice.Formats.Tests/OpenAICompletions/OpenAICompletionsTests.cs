using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Tests.OpenAIChat;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAICompletions;

/// <summary>Text completions, served by conversations.</summary>
public sealed class OpenAICompletionsTests
{
    private static readonly IChatServerFormat Server = WireFormats.Find<IChatServerFormat>(WireFormatId.OpenAICompletions)!;

    [Theory]
    [InlineData("\"Say hi\"")]
    [InlineData("[\"Say hi\"]")]
    public void Prompt_IsOneUserMessage(string prompt)
    {
        var request = Server.DecodeRequest(ChatTesting.Request($$"""{"model":"m","prompt":{{prompt}},"max_tokens":5,"n":2,"stop":"x","logprobs":3,"stream":true,"stream_options":{"include_usage":true},"echo":true,"suffix":null}""")).Value!;
        request.Messages.ShouldHaveSingleItem().Parts.ShouldHaveSingleItem().ShouldBeOfType<TextPart>().Text.ShouldBe("Say hi");
        (request.MaxTokens, request.CandidateCount, request.TopLogprobs, request.Stream, request.IncludeUsage).ShouldBe((5, 2, 3, true, true));
        var losses = new LossReport();
        losses.Unknown(request.Notes, WireFormatId.OpenAIChat, "");
        losses.Losses.Select(l => l.Path).ShouldBe(["echo"]);
    }

    [Theory]
    [InlineData("{\"model\":\"m\"}")]
    [InlineData("{\"model\":\"m\",\"prompt\":[\"a\",\"b\"]}")]
    [InlineData("{\"model\":\"m\",\"prompt\":[1,2]}")]
    [InlineData("{\"model\":\"m\",\"prompt\":[[1,2]]}")]
    [InlineData("{\"model\":\"m\",\"prompt\":{}}")]
    public void Prompt_ThatNoConversationCanSay_IsRefused(string body) => Server.DecodeRequest(ChatTesting.Request(body)).Error!.Param.ShouldBe("prompt");

    [Fact]
    public void Answer_IsItsText()
    {
        var context = ChatTesting.Context(WireFormatId.OpenAICompletions, WireFormatId.AnthropicMessages);
        var response = new ChatResponse
        {
            Id = "i",
            Candidates = [new Candidate { Parts = [new ReasoningPart("r"), new TextPart("a"), new TextPart("b")], FinishReason = FinishReason.ToolCalls, Logprobs = [new TokenLogprob("ab", -1) { Top = [new TokenLogprob("x", -2)] }] }],
            Usage = new Usage { InputTokens = 1, OutputTokens = 2 },
        };
        JsonAssert.Difference("""
            {"id":"i","object":"text_completion","created":1795176000,"model":"upstream-model",
             "choices":[{"text":"ab","index":0,"logprobs":{"tokens":["ab"],"token_logprobs":[-1],"top_logprobs":[{"x":-2}],"text_offset":[0]},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}
            """, ChatTesting.Text(o => Server.EncodeResponse(response, context, o))).ShouldBeNull();
        context.Losses.Losses.Select(l => l.Path).ShouldBe(["choices[0].content[0]"]);
    }

    [Fact]
    public void Stream_IsChunksOfText()
    {
        StreamEvent[] events =
        [
            new ResponseStarted { Id = "i", Model = "m" }, new PartStarted(0, 0, new TextPart("")), new PartDelta(0, 0, new TextDelta("a")), new PartEnded(0, 0), new UsageReported(new Usage { InputTokens = 1 }),
            new CandidateFinished(0, FinishReason.Length), new ResponseEnded(),
        ];
        var context = ChatTesting.Context(WireFormatId.OpenAICompletions, WireFormatId.AnthropicMessages, request: new ChatRequest { Model = "m", Messages = [], IncludeUsage = true });
        string[] chunks = ChatTesting.Encode(Server, events, context).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        chunks.Length.ShouldBe(4);
        chunks[0].ShouldBe("""data: {"id":"i","object":"text_completion","created":1795176000,"model":"m","choices":[{"text":"a","index":0,"logprobs":null,"finish_reason":null}],"usage":null}""");
        chunks[1].ShouldContain("\"finish_reason\":\"length\"");
        chunks[2].ShouldContain("\"choices\":[],\"usage\":{\"prompt_tokens\":1");
        chunks[3].ShouldBe("data: [DONE]");
    }

    [Fact]
    public void Stream_ThatFails_EndsWithAnErrorAndNoMarker()
    {
        string sse = ChatTesting.Encode(Server, [new StreamFailed(new GatewayError(ErrorKind.Timeout, "slow"))], ChatTesting.Context(WireFormatId.OpenAICompletions, WireFormatId.AnthropicMessages));
        sse.ShouldStartWith("data: {\"error\":{\"message\":\"slow\"");
        sse.ShouldNotContain("[DONE]");
    }
}
