using System.Buffers;
using System.Text;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Framing;
using Sluice.Formats.Tests.Fidelity;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Fuzz;

/// <summary>Half surrogate pairs and bytes that are no UTF-8: refused in requests, mended in answers.</summary>
public sealed class InvalidTextTests
{
    public static TheoryData<string> Servers { get; } = [.. WireFormats.All.OfType<IChatServerFormat>().Select(f => f.Id.Value)];

    [Fact]
    public void DecodeRequest_HalfAPairInASchema_IsRefused()
    {
        string body = """{"model":"m","messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","description":"\ud83d"}}}]}""";

        var outcome = WireFormats.Find<IChatServerFormat>(WireFormatId.OpenAIChat)!.DecodeRequest(new WireRequest { Body = Encoding.UTF8.GetBytes(body) });

        outcome.Error.ShouldNotBeNull().Kind.ShouldBe(ErrorKind.InvalidRequest);
        outcome.Error!.Message.ShouldContain("Unicode");
    }

    [Fact]
    public void DecodeRequest_WholePairEscaped_IsRead()
    {
        string body = """{"model":"m","messages":[{"role":"user","content":"\ud83d\ude00 \\ud83d"}]}""";

        var outcome = WireFormats.Find<IChatServerFormat>(WireFormatId.OpenAIChat)!.DecodeRequest(new WireRequest { Body = Encoding.UTF8.GetBytes(body) });

        outcome.Value.ShouldNotBeNull().Messages[0].Parts.ShouldHaveSingleItem().ShouldBeOfType<TextPart>().Text.ShouldBe("😀 \\ud83d");
    }

    [Fact]
    public void DecodeStream_EmojiCutBetweenChunks_IsJoined()
    {
        string sse = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\\ud83d\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\ude00b\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
        var decoder = WireFormats.Find<IChatClientFormat>(WireFormatId.OpenAIChat)!.CreateStreamDecoder(RecordedAnswers.Context(WireFormatId.AnthropicMessages, WireFormatId.OpenAIChat));
        var reader = new SseFrameReader();
        var events = new List<StreamEvent>();
        var folder = new StreamFolder();

        reader.Append(Encoding.UTF8.GetBytes(sse)).ShouldBeTrue();
        while (reader.TryRead(out var frame)) decoder.Decode(frame, events);
        decoder.Complete(events);
        foreach (var e in events) folder.Add(e);

        folder.IsComplete.ShouldBeTrue();
        folder.ToResponse().Candidates[0].Parts.ShouldHaveSingleItem().ShouldBeOfType<TextPart>().Text.ShouldBe("a😀b");
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public void EncodeResponse_HalfAPairInArguments_Writes(string server)
    {
        var answer = new ChatResponse { Candidates = [new Candidate { Parts = [new ToolCallPart("c", "f", "{\"a\":\n\"\\ud83d\"}")], FinishReason = FinishReason.ToolCalls }] };
        var output = new ArrayBufferWriter<byte>();

        WireFormats.Find<IChatServerFormat>(new WireFormatId(server))!.EncodeResponse(answer, RecordedAnswers.Context(new WireFormatId(server), new WireFormatId("another-format")), output);

        System.Text.Json.JsonDocument.Parse(output.WrittenMemory).RootElement.ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Object);
    }
}
