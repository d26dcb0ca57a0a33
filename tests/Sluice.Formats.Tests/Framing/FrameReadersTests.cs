using System.Buffers;
using System.Text;
using Sluice.Formats.Framing;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Framing;

public sealed class FrameReadersTests
{
    [Fact]
    public void Create_ForATextFraming_GivesItsReader()
    {
        FrameReaders.Create(StreamFraming.ServerSentEvents).ShouldBeOfType<SseFrameReader>();
        FrameReaders.Create(StreamFraming.NdJson).ShouldBeOfType<NdJsonFrameReader>();
        Should.Throw<ArgumentOutOfRangeException>(() => FrameReaders.Create((StreamFraming)99));
    }

    [Fact]
    public void SseWriter_Event_IsReadBackAsItWas()
    {
        var output = new ArrayBufferWriter<byte>();
        SseWriter.Event(output, "delta"u8, "{\"a\":1}"u8);
        SseWriter.Data(output, "[DONE]"u8);

        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe("event: delta\ndata: {\"a\":1}\n\ndata: [DONE]\n\n");
        Frames.Read(new SseFrameReader(), output.WrittenSpan.ToArray()).All.ShouldBe(["delta|{\"a\":1}", "|[DONE]"]);
    }
}
