using Sluice.Formats.Tests.OpenAIChat;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIResponses;

/// <summary>What only says that work goes on is no loss for clients of another format.</summary>
public sealed class ProgressTests
{
    [Theory]
    [InlineData("keepalive")]
    [InlineData("response.image_generation_call.in_progress")]
    [InlineData("response.image_generation_call.generating")]
    [InlineData("response.image_generation_call.partial_image")]
    [InlineData("response.image_generation_call.completed")]
    [InlineData("response.web_search_call.searching")]
    [InlineData("response.file_search_call.in_progress")]
    [InlineData("response.code_interpreter_call.interpreting")]
    [InlineData("response.code_interpreter_call_code.delta")]
    [InlineData("response.mcp_call.in_progress")]
    [InlineData("response.mcp_call_arguments.done")]
    [InlineData("response.mcp_list_tools.in_progress")]
    public void Progress_ToAnotherFormat_KeepsTheStreamAlive(string type)
    {
        foreach (var client in WireFormats.All.OfType<IChatServerFormat>().Where(f => f.Id != WireFormatId.OpenAIResponses))
        {
            var context = ChatTesting.Context(client.Id, WireFormatId.OpenAIResponses);
            var decoder = WireFormats.Find<IChatClientFormat>(WireFormatId.OpenAIResponses)!.CreateStreamDecoder(context);
            var encoder = client.CreateStreamEncoder(context);
            var events = new List<StreamEvent>();
            decoder.Decode(StreamFrame.OfData(ChatTesting.Utf8("""{"type":"response.created","response":{"id":"r","status":"in_progress","output":[]}}""")), events);
            decoder.Decode(StreamFrame.OfData(ChatTesting.Utf8($$"""{"type":"{{type}}","item_id":"i","output_index":0,"sequence_number":1}""")), events);

            events[^1].ShouldBeOfType<KeepAlive>();
            foreach (var next in events) encoder.Encode(next, new System.Buffers.ArrayBufferWriter<byte>());
            context.Losses.IsEmpty.ShouldBeTrue(client.Id.Value);
        }
    }

    [Fact]
    public void Progress_ToItsOwnFormat_IsPassedOn()
    {
        var decoder = WireFormats.Find<IChatClientFormat>(WireFormatId.OpenAIResponses)!.CreateStreamDecoder(ChatTesting.Context(WireFormatId.OpenAIResponses, WireFormatId.OpenAIResponses));
        var events = new List<StreamEvent>();
        decoder.Decode(StreamFrame.OfData(ChatTesting.Utf8("""{"type":"response.web_search_call.searching","item_id":"i","output_index":0}""")), events);
        events[^1].ShouldBeOfType<RawEvent>();
    }
}
