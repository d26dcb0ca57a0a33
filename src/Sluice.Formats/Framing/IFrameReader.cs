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

    /// <summary>The bytes of the frame that <see cref="TryRead"/> gave last exactly as they came, terminator included.</summary>
    ReadOnlyMemory<byte> LastRaw { get; }

    /// <summary>Bytes of memory that are held now.</summary>
    int Buffered { get; }

    /// <summary>
    /// Takes out the bytes that were passed over since the last call because they are no frame (comments, keep-alives), for a relay that changes
    /// nothing. <see cref="Append"/> forgets those that were not taken.
    /// </summary>
    byte[] TakeSkipped() => [];
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
        StreamFraming.AmazonEventStream => new AmazonEventStreamReader(maxFrame),
        _ => throw new ArgumentOutOfRangeException(nameof(framing), framing, "no reader for this framing"),
    };
}
