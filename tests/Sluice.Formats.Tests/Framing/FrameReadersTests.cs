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
}
