using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIChat;

/// <summary>What is seen of an answer that is passed through.</summary>
public sealed class ChatTapTests
{
    private static readonly IWireFormat Format = WireFormats.Find(WireFormatId.OpenAIChat)!;

    [Theory]
    [InlineData("""{"choices":[{"delta":{"role":"assistant","content":""}}],"usage":null}""", AnswerSignal.None)]
    [InlineData("""{"choices":[{"delta":{"content": "hi"}}]}""", AnswerSignal.Content)]
    [InlineData("""{"choices":[{"delta":{"reasoning_content":"hm"}}]}""", AnswerSignal.Content)]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":""}}]}}]}""", AnswerSignal.Content)]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":1}}""", AnswerSignal.UsageOnly)]
    [InlineData("""{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}""", AnswerSignal.None)]
    [InlineData("""{"choices":[{"delta":{"content":"say \"error\" and \"usage\":{}"}}]}""", AnswerSignal.Content)]
    [InlineData("""{"error":{"message":"m"}}""", AnswerSignal.Error)]
    [InlineData("[DONE]", AnswerSignal.End)]
    [InlineData("{\"usage\": broken", AnswerSignal.Malformed)]
    public void Frame_OfAStream_IsToldApart(string data, AnswerSignal expected) => Format.CreateTap(stream: true).Observe(StreamFrame.OfData(ChatTesting.Utf8(data))).ShouldBe(expected);

    [Fact]
    public void Body_OfAWholeAnswer_GivesUsageModelAndSize()
    {
        var tap = Format.CreateTap(stream: false);
        tap.Observe(StreamFrame.OfData(ChatTesting.Utf8("""{"model":"gpt","choices":[{"message":{"content":"hello"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}"""))).ShouldBe(AnswerSignal.Content | AnswerSignal.End);
        (tap.Model, tap.Usage!.InputTokens, tap.OutputCharacters).ShouldBe(("gpt", 3, 5));
    }

    [Fact]
    public void Error_OfAFrame_IsRead()
    {
        var tap = Format.CreateTap(stream: true);
        tap.Observe(new StreamFrame(ChatTesting.Utf8("error"), ChatTesting.Utf8("""{"error":{"message":"m","status_code":400}}"""))).ShouldBe(AnswerSignal.Error);
        tap.Error!.Message.ShouldBe("m");
    }
}
