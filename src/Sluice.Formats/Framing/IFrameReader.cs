using Sluice.Wire;

namespace Sluice.Formats.Framing;

/// <summary>Cuts a streamed body into frames, whatever the pieces in which it arrives. Not thread-safe.</summary>
public interface IFrameReader
{
    /// <summary>Takes the next piece of the body; it is copied.</summary>
    /// <returns>False when a frame grew beyond the bound: the stream is unusable from here on.</returns>
    bool Append(ReadOnlySpan<byte> bytes);

    /// <summary>Gives the next complete frame. Its memory is valid until the next call of any member.</summary>
    bool TryRead(out StreamFrame frame);

    /// <summary>The body has ended: gives what is left if it can be read as a last frame.</summary>
    bool TryReadLast(out StreamFrame frame);

    /// <summary>Bytes that were consumed by the frame that <see cref="TryRead"/> gave last, terminators and comments before it included.</summary>
    ReadOnlyMemory<byte> LastRaw { get; }
}

/// <summary>Makes frame readers.</summary>
public static class FrameReaders
{
    /// <summary>Most bytes of one frame, 16 MiB: the longest Gemini signature seen has 139 340 characters; images come inline.</summary>
    public const int DefaultMaxFrame = 16 * 1024 * 1024;

    /// <summary>A reader for a framing.</summary>
    public static IFrameReader Create(StreamFraming framing, int maxFrame = DefaultMaxFrame) => framing switch
    {
        StreamFraming.ServerSentEvents => new SseFrameReader(maxFrame),
        StreamFraming.NdJson => new NdJsonFrameReader(maxFrame),
        _ => throw new ArgumentOutOfRangeException(nameof(framing), framing, "no reader for this framing"),
    };
}
