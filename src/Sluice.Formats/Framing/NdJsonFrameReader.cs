using Sluice.Wire;

namespace Sluice.Formats.Framing;

/// <summary>One JSON document a line, ended by LF or CR LF; empty lines and a byte order mark at the start are passed over.</summary>
public sealed class NdJsonFrameReader(int maxFrame = FrameReaders.DefaultMaxFrame) : IFrameReader
{
    private readonly FrameBuffer _buffer = new(maxFrame);
    private readonly SkippedBytes _skipped = new();
    private int _scanned;
    private bool _atStart = true;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> LastRaw { get; private set; }

    /// <inheritdoc/>
    public int Buffered => _buffer.Capacity + _skipped.Capacity;

    /// <inheritdoc/>
    public bool Append(ReadOnlySpan<byte> bytes)
    {
        _skipped.Clear();
        return _buffer.Append(bytes);
    }

    /// <inheritdoc/>
    public bool TryRead(out StreamFrame frame)
    {
        while (true)
        {
            int at = _buffer.Span[_scanned..].IndexOf((byte)'\n');
            if (at < 0)
            {
                _scanned = _buffer.Length;
                frame = default;
                return false;
            }
            if (TryTake(_scanned + at, _scanned + at + 1, out frame)) return true;
        }
    }

    /// <inheritdoc/>
    public bool TryReadLast(out StreamFrame frame) => TryRead(out frame) || (_buffer.Length > 0 && TryTake(_buffer.Length, _buffer.Length, out frame));

    /// <inheritdoc/>
    public byte[] TakeSkipped() => _skipped.Take();

    private bool TryTake(int length, int consumed, out StreamFrame frame)
    {
        LastRaw = _buffer.Slice(0, consumed);
        var line = _buffer.Span[..length];
        int start = _atStart && line.StartsWith("\uFEFF"u8) ? 3 : 0;
        _atStart = false;
        int used = line[start..].TrimEnd(" \t\r"u8).Length;
        frame = StreamFrame.OfData(_buffer.Slice(start, used));
        _buffer.Consume(consumed);
        _scanned = 0;
        if (used > 0) return true;
        _skipped.Add(LastRaw.Span);
        return false;
    }
}
