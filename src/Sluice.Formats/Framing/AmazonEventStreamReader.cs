using System.Buffers.Binary;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Framing;

/// <summary>
/// Reads <c>application/vnd.amazon.eventstream</c>. A frame's event is its <c>:event-type</c>, or for exceptions its <c>:exception-type</c> or
/// <c>:error-code</c>. A frame whose lengths or checksums are wrong becomes one exception, after which nothing is read: what follows cannot be trusted.
/// </summary>
public sealed class AmazonEventStreamReader(int maxFrame = FrameReaders.DefaultMaxFrame) : IFrameReader
{
    private static readonly byte[] Broken = """{"message":"the provider's event stream is damaged: a frame's lengths or checksums are wrong"}"""u8.ToArray();

    // A frame says its length before it comes: the bound is held there. A piece may hold many.
    private readonly FrameBuffer _buffer = new(int.MaxValue / 2);
    private bool _isBroken;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> LastRaw { get; private set; }

    /// <inheritdoc/>
    public int Buffered => _buffer.Capacity;

    /// <inheritdoc/>
    public bool Append(ReadOnlySpan<byte> bytes) => _isBroken || _buffer.Append(bytes);

    /// <inheritdoc/>
    public bool TryRead(out StreamFrame frame)
    {
        frame = default;
        if (_isBroken || _buffer.Length < AmazonEventStream.PreludeLength) return false;
        var span = _buffer.Span;
        uint total = BinaryPrimitives.ReadUInt32BigEndian(span), headerLength = BinaryPrimitives.ReadUInt32BigEndian(span[4..]);
        bool sound = BinaryPrimitives.ReadUInt32BigEndian(span[8..]) == AmazonEventStream.Crc32(span[..8])
            && total >= AmazonEventStream.Overhead && total <= maxFrame && headerLength <= total - AmazonEventStream.Overhead;
        if (!sound) return Break(out frame);
        if (span.Length < total) return false;
        int length = (int)total;
        if (BinaryPrimitives.ReadUInt32BigEndian(span[(length - 4)..]) != AmazonEventStream.Crc32(span[..(length - 4)])) return Break(out frame);
        frame = Read(length, (int)headerLength);
        LastRaw = _buffer.Slice(0, length);
        _buffer.Consume(length);
        return true;
    }

    /// <inheritdoc/>
    public bool TryReadLast(out StreamFrame frame) => TryRead(out frame);

    private StreamFrame Read(int length, int headerLength)
    {
        var headers = _buffer.Span.Slice(AmazonEventStream.PreludeLength, headerLength);
        int payload = AmazonEventStream.PreludeLength + headerLength;
        var data = _buffer.Slice(payload, length - payload - 4);
        bool isEvent = !AmazonEventStream.TryFind(headers, ":message-type"u8, out int start, out int size) || headers.Slice(start, size).SequenceEqual("event"u8);
        if (isEvent) return new StreamFrame(Header(headers, ":event-type"u8), data);
        var name = Header(headers, ":exception-type"u8);
        if (!name.IsEmpty) return new StreamFrame(name, data) { IsException = true };
        string message = System.Text.Encoding.UTF8.GetString(Header(headers, ":error-message"u8).Span);
        return new StreamFrame(Header(headers, ":error-code"u8), data.IsEmpty ? Message(message) : data) { IsException = true };
    }

    private ReadOnlyMemory<byte> Header(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> name) =>
        AmazonEventStream.TryFind(headers, name, out int start, out int length) ? _buffer.Slice(AmazonEventStream.PreludeLength + start, length) : default;

    private static ReadOnlyMemory<byte> Message(string text) => JsonOutput.ToRaw(text, static (writer, message) =>
    {
        writer.WriteStartObject();
        writer.WriteString("message"u8, message);
        writer.WriteEndObject();
    }).Utf8;

    private bool Break(out StreamFrame frame)
    {
        _isBroken = true;
        LastRaw = default;
        frame = new StreamFrame("damaged"u8.ToArray(), Broken) { IsException = true };
        return true;
    }
}
