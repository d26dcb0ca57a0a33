using System.Buffers;
using System.Text;
using Sluice.Chat;
using Sluice.Formats.Tests.OpenAIChat;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Shared;

/// <summary>A tool call that the provider could not read (Gemini's <c>MALFORMED_FUNCTION_CALL</c>) leaves an answer that no client may take for a whole one.</summary>
public sealed class MalformedCallTests
{
    private const string FromGemini = """{"candidates":[{"content":{"role":"model"},"finishReason":"MALFORMED_FUNCTION_CALL","index":0}]}""";

    [Theory]
    [InlineData("openai-chat", "\"finish_reason\":\"length\"")]
    [InlineData("openai-responses", "\"status\":\"failed\"")]
    [InlineData("openai-completions", "\"finish_reason\":\"length\"")]
    [InlineData("anthropic-messages", "\"stop_reason\":\"max_tokens\"")]
    [InlineData("ollama-chat", "\"done_reason\":\"length\"")]
    [InlineData("gemini-generate", "\"finishReason\":\"MALFORMED_FUNCTION_CALL\"")]
    public void Answer_OfEachFormat_SaysThatSomethingIsMissing(string client, string expected)
    {
        var context = ChatTesting.Context(new WireFormatId(client), WireFormatId.GeminiGenerate, vendor: "gemini");
        var answer = WireFormats.Find<IChatClientFormat>(WireFormatId.GeminiGenerate)!.DecodeResponse(Encoding.UTF8.GetBytes(FromGemini), context).Value!;

        string body = ChatTesting.Text(o => WireFormats.Find<IChatServerFormat>(new WireFormatId(client))!.EncodeResponse(answer, context, o));

        body.ShouldContain(expected);
    }

    [Theory]
    [InlineData("openai-chat", "\"finish_reason\":\"length\"")]
    [InlineData("openai-responses", "the provider could not read")]
    [InlineData("anthropic-messages", "\"stop_reason\":\"max_tokens\"")]
    public void Stream_OfEachFormat_SaysThatSomethingIsMissing(string client, string expected)
    {
        var context = ChatTesting.Context(new WireFormatId(client), WireFormatId.GeminiGenerate, vendor: "gemini");
        var encoder = WireFormats.Find<IChatServerFormat>(new WireFormatId(client))!.CreateStreamEncoder(context);
        var output = new ArrayBufferWriter<byte>();

        StreamEvent[] events = [new ResponseStarted(), new CandidateFinished(0, FinishReason.MalformedToolCall), new ResponseEnded()];
        foreach (var next in events) encoder.Encode(next, output);

        Encoding.UTF8.GetString(output.WrittenSpan).ShouldContain(expected);
    }

    [Fact]
    public void CallsBesideIt_AreNoGoodEndEither_AndTheReasonIsReported()
    {
        var context = ChatTesting.Context(WireFormatId.OpenAIChat, WireFormatId.GeminiGenerate, vendor: "gemini");
        var answer = new ChatResponse { Candidates = [new Candidate { Parts = [new ToolCallPart("c", "f", "{}")], FinishReason = FinishReason.MalformedToolCall }] };

        string body = ChatTesting.Text(o => WireFormats.Find<IChatServerFormat>(WireFormatId.OpenAIChat)!.EncodeResponse(answer, context, o));

        body.ShouldContain("\"finish_reason\":\"length\"");
        context.Losses.Losses.ShouldContain(l => l.Path == "finish_reason" && l.Reason.Contains("malformed_tool_call"));
    }
}
