using System.Text;
using Sluice.Formats.Framing;

namespace Sluice.Formats.Tests.Framing;

public sealed class NdJsonFrameReaderTests
{
    public static TheoryData<string, string[]> Bodies { get; } = new()
    {
        { "{\"a\":1}\n{\"a\":2}\n", ["|{\"a\":1}", "|{\"a\":2}"] },
        { "{\"a\":1}\r\n\r\n{\"a\":2}\r\n", ["|{\"a\":1}", "|{\"a\":2}"] },
        { "\n\n{\"a\":1}  \t\n\n", ["|{\"a\":1}"] },
        { "{\"a\":1}\n{\"a\":2}", ["|{\"a\":1}", "|{\"a\":2}"] },
        { "{\"a\":1}\r", ["|{\"a\":1}"] },
        { "\uFEFF{\"a\":\"größer 💧\"}\n", ["|{\"a\":\"größer 💧\"}"] },
        { "{\"a\":\"line\\nfeed\"}\n", ["|{\"a\":\"line\\nfeed\"}"] },
        { "  \n", [] },
        { "", [] },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void TryRead_AtEverySplit_GivesTheSameFramesAndEveryByte(string body, string[] expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        foreach (byte[][] pieces in Frames.Splits(bytes))
        {
            var result = Frames.Read(new NdJsonFrameReader(), pieces);

            result.All.ShouldBe(expected);
            result.Relayed.ShouldBe(bytes);
        }
    }

    [Fact]
    public void Append_BeyondTheBound_RefusesTheStream()
    {
        var reader = new NdJsonFrameReader(maxFrame: 16);

        reader.Append("0123456789abcdef"u8).ShouldBeTrue();
        reader.TryRead(out _).ShouldBeFalse();
        reader.Append("\n"u8).ShouldBeFalse();
    }

    [Fact]
    public void TryRead_OfALongLineInManyPieces_LooksAtEachByteOnce()
    {
        var reader = new NdJsonFrameReader();
        byte[] piece = new byte[64];
        Array.Fill(piece, (byte)'x');
        const int pieces = 200_000;
        for (int i = 0; i < pieces; i++)
        {
            reader.Append(piece).ShouldBeTrue();
            reader.TryRead(out _).ShouldBeFalse();
        }

        reader.Append("\n"u8).ShouldBeTrue();
        reader.TryRead(out var frame).ShouldBeTrue();
        frame.Data.Length.ShouldBe(64 * pieces);
    }
}
