using System.Text;
using Sluice.Errors;
using Sluice.Formats.Framing;
using Sluice.Formats.Tests.OpenAIChat;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Endings;

/// <summary>An answer that says nothing has failed; one that ends with a reason and has no words has not. Read from another format, and watched in its own.</summary>
public sealed class EmptyAnswerTests
{
    [Theory]
    [InlineData("openai-chat", """{"id":"x","choices":[],"usage":null}""")]
    [InlineData("openai-chat", """{"id":"x","choices":[]}""")]
    [InlineData("openai-chat", """{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":null}}]}""")]
    [InlineData("openai-chat", """{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"","tool_calls":[]},"finish_reason":null}],"usage":{"prompt_tokens":5,"completion_tokens":0}}""")]
    [InlineData("openai-chat", "{}")]
    [InlineData("anthropic-messages", """{"id":"m","type":"message","role":"assistant","model":"c","content":[],"stop_reason":null,"usage":{"input_tokens":5,"output_tokens":0}}""")]
    [InlineData("anthropic-messages", """{"content":[ ]}""")]
    [InlineData("gemini-generate", """{"candidates":[],"usageMetadata":{"promptTokenCount":5}}""")]
    [InlineData("gemini-generate", """{"candidates":[{"content":{"role":"model"},"index":0}]}""")]
    [InlineData("gemini-generate", """{"usageMetadata":{"promptTokenCount":5}}""")]
    [InlineData("openai-responses", """{"id":"r","object":"response","status":"completed","output":[]}""")]
    [InlineData("openai-responses", """{"id":"r","object":"response","output":[],"usage":{"input_tokens":5,"output_tokens":0}}""")]
    [InlineData("ollama-chat", """{"model":"m","message":{"role":"assistant","content":""},"done":true}""")]
    [InlineData("ollama-chat", """{"model":"m","done":true}""")]
    [InlineData("cohere-chat", """{"id":"c","message":{"role":"assistant","content":[]}}""")]
    [InlineData("bedrock-converse", """{"output":{"message":{"role":"assistant","content":[]}}}""")]
    public void Whole_ThatSaysNothing_HasFailed(string format, string body)
    {
        Read(format, body).ShouldNotBeNull().Kind.ShouldBe(ErrorKind.MalformedAnswer);
        if (IsServer(format)) WireFormats.Find(new WireFormatId(format))!.CreateTap(stream: false).Observe(Frame(body)).HasFlag(AnswerSignal.Content).ShouldBeFalse();
    }

    [Theory]
    [InlineData("openai-chat", """{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":""},"finish_reason":"stop"}]}""")]
    [InlineData("openai-chat", """{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":null},"finish_reason":"content_filter"}]}""")]
    [InlineData("openai-chat", """{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":""}}]}}]}""")]
    [InlineData("openai-chat", """{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":""},"finish_reason":null}],"usage":{"prompt_tokens":5,"completion_tokens":3}}""")]
    [InlineData("openai-chat", """{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":null,"audio":{"id":"a","data":"AA=="}}}]}""")]
    [InlineData("openai-chat", """{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"","images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}}]}""")]
    [InlineData("anthropic-messages", """{"id":"m","type":"message","role":"assistant","model":"c","content":[],"stop_reason":"end_turn","usage":{"input_tokens":5,"output_tokens":0}}""")]
    [InlineData("gemini-generate", """{"candidates":[{"content":{"role":"model"},"finishReason":"STOP"}]}""")]
    [InlineData("gemini-generate", """{"candidates":[{"finishReason":"SAFETY","index":0}]}""")]
    [InlineData("gemini-generate", """{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}}""")]
    [InlineData("openai-responses", """{"id":"r","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]}""")]
    [InlineData("openai-responses", """{"id":"r","status":"completed","output":[{"type":"message","id":"m","role":"assistant","status":"completed","content":[{"type":"output_text","text":""}]}]}""")]
    [InlineData("openai-responses", """{"id":"r","status":"completed","output":[],"usage":{"input_tokens":5,"output_tokens":3}}""")]
    [InlineData("openai-responses", """{"id":"r","status":"queued","background":true,"output":[]}""")]
    [InlineData("ollama-chat", """{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}""")]
    [InlineData("ollama-chat", """{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"load"}""")]
    [InlineData("cohere-chat", """{"id":"c","finish_reason":"COMPLETE","message":{"role":"assistant","content":[]}}""")]
    [InlineData("bedrock-converse", """{"output":{"message":{"role":"assistant","content":[]}},"stopReason":"end_turn"}""")]
    public void Whole_ThatSaysWhyItHasNoWords_IsAnAnswer(string format, string body)
    {
        Read(format, body).ShouldBeNull();
        if (IsServer(format)) WireFormats.Find(new WireFormatId(format))!.CreateTap(stream: false).Observe(Frame(body)).HasFlag(AnswerSignal.Content).ShouldBeTrue();
    }

    [Theory]
    [InlineData("openai-chat", "data: [DONE]\n\n")]
    [InlineData("openai-chat", "data: {\"id\":\"x\",\"choices\":[]}\n\ndata: [DONE]\n\n")]
    [InlineData("openai-chat", "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\ndata: [DONE]\n\n")]
    [InlineData("anthropic-messages", "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"c\",\"content\":[]}}\n\ndata: {\"type\":\"message_stop\"}\n\n")]
    [InlineData("gemini-generate", "data: {\"candidates\":[]}\n\n")]
    [InlineData("openai-responses", "data: {\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"status\":\"in_progress\",\"output\":[]}}\n\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"status\":\"completed\",\"output\":[]}}\n\n")]
    [InlineData("ollama-chat", "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true}\n")]
    [InlineData("cohere-chat", "data: {\"type\":\"message-start\",\"id\":\"c\"}\n\ndata: {\"type\":\"message-end\",\"delta\":{}}\n\n")]
    [InlineData("mistral-chat", "data: [DONE]\n\n")]
    public void Stream_ThatSaysNothing_HasFailed(string format, string body)
    {
        var (end, isContent, hasEnded) = Watch(format, body);
        end.ShouldBeOfType<StreamFailed>();
        if (IsServer(format)) (isContent && hasEnded).ShouldBeFalse();
    }

    [Theory]
    [InlineData("openai-chat", "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")]
    [InlineData("openai-chat", "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"}}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":3}}\n\ndata: [DONE]\n\n")]
    [InlineData("anthropic-messages", "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"c\",\"content\":[]}}\n\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\ndata: {\"type\":\"message_stop\"}\n\n")]
    [InlineData("gemini-generate", "data: {\"candidates\":[{\"finishReason\":\"SAFETY\"}]}\n\n")]
    [InlineData("openai-responses", "data: {\"type\":\"response.incomplete\",\"response\":{\"id\":\"r\",\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"content_filter\"},\"output\":[]}}\n\n")]
    [InlineData("openai-responses", "data: {\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"id\":\"m\",\"role\":\"assistant\",\"content\":[]}]}}\n\n")]
    [InlineData("ollama-chat", "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\"}\n")]
    [InlineData("cohere-chat", "data: {\"type\":\"message-start\",\"id\":\"c\"}\n\ndata: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"COMPLETE\"}}\n\n")]
    public void Stream_ThatSaysWhyItHasNoWords_IsAnAnswer(string format, string body)
    {
        var (end, isContent, hasEnded) = Watch(format, body);
        end.ShouldBeOfType<ResponseEnded>();
        if (IsServer(format)) (isContent && hasEnded).ShouldBeTrue();
    }

    private static (StreamEvent? End, bool IsContent, bool HasEnded) Watch(string format, string body)
    {
        var client = WireFormats.Find<IChatClientFormat>(new WireFormatId(format))!;
        var decoder = client.CreateStreamDecoder(ChatTesting.Context(WireFormatId.OpenAIChat, client.Id));
        var tap = client.CreateTap(stream: true);
        var frames = FrameReaders.Create(client.Framing);
        var events = new List<StreamEvent>();
        var seen = AnswerSignal.None;
        frames.Append(Encoding.UTF8.GetBytes(body)).ShouldBeTrue();
        while (frames.TryRead(out var frame))
        {
            decoder.Decode(frame, events);
            seen |= tap.Observe(frame);
        }
        decoder.Complete(events);
        var grammar = new StreamGrammar();
        foreach (var next in events) grammar.Check(next).ShouldBeNull();
        return (events.LastOrDefault(), seen.HasFlag(AnswerSignal.Content), seen.HasFlag(AnswerSignal.End));
    }

    private static GatewayError? Read(string format, string body)
    {
        var client = WireFormats.Find<IChatClientFormat>(new WireFormatId(format))!;
        return client.DecodeResponse(Encoding.UTF8.GetBytes(body), ChatTesting.Context(WireFormatId.OpenAIChat, client.Id)).Error;
    }

    private static bool IsServer(string format) => WireFormats.Find<IChatServerFormat>(new WireFormatId(format)) is not null;

    private static StreamFrame Frame(string body) => StreamFrame.OfData(Encoding.UTF8.GetBytes(body));
}
