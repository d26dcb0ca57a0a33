using Sluice.Wire;

namespace Sluice.Formats.Framing;

/// <summary>
/// Server-sent events as the WHATWG standard has them: lines end with LF, CR LF or CR; <c>data:</c> lines of one event are joined by LF;
/// comments, <c>id:</c> and <c>retry:</c> are passed over; a byte order mark at the start is skipped. An event without data is no frame.
/// </summary>
public sealed class SseFrameReader(int maxFrame = FrameReaders.DefaultMaxFrame) : IFrameReader
{
    private readonly FrameBuffer _buffer = new(maxFrame);
    private readonly SkippedBytes _skipped = new();
    private int _scanned;
    private int _lineStart;
    private bool _atStart = true;
    private byte[] _joined = [];

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> LastRaw { get; private set; }

    /// <inheritdoc/>
    public int Buffered => _buffer.Capacity + _joined.Length + _skipped.Capacity;

    /// <inheritdoc/>
    public bool Append(ReadOnlySpan<byte> bytes)
    {
        _skipped.Clear();
        return _buffer.Append(bytes);
    }

    /// <inheritdoc/>
    public bool TryRead(out StreamFrame frame)
    {
        SkipByteOrderMark();
        while (TryFindBlockEnd(out int blockLength, out int consumed))
        {
            if (TryParse(blockLength, consumed, out frame)) return true;
            _skipped.Add(LastRaw.Span);
        }
        frame = default;
        return false;
    }

    /// <inheritdoc/>
    public bool TryReadLast(out StreamFrame frame)
    {
        if (TryRead(out frame)) return true;
        int length = _buffer.Length;
        if (length == 0) return false;
        if (TryParse(length, length, out frame)) return true;
        _skipped.Add(LastRaw.Span);
        return false;
    }

    /// <inheritdoc/>
    public byte[] TakeSkipped() => _skipped.Take();

    private void SkipByteOrderMark()
    {
        if (!_atStart) return;
        var mark = "\uFEFF"u8;
        var span = _buffer.Span;
        // A mark may come byte by byte.
        if (span.Length < mark.Length && mark.StartsWith(span)) return;
        _atStart = false;
        if (!span.StartsWith(mark)) return;
        _skipped.Add(mark);
        _buffer.Consume(mark.Length);
    }

    // A block ends at an empty line. `_scanned` and `_lineStart` remember how far earlier calls looked, so that a frame in many
    // pieces is scanned once. A CR at the very end waits for the next byte: it may be half of a CR LF.
    private bool TryFindBlockEnd(out int blockLength, out int consumed)
    {
        var span = _buffer.Span;
        while (_scanned < span.Length)
        {
            int at = span[_scanned..].IndexOfAny((byte)'\n', (byte)'\r');
            if (at < 0)
            {
                _scanned = span.Length;
                break;
            }
            int lineEnd = _scanned + at;
            int next = lineEnd + 1;
            if (span[lineEnd] == '\r')
            {
                if (next == span.Length)
                {
                    _scanned = lineEnd;
                    break;
                }
                if (span[next] == '\n') next++;
            }
            bool empty = lineEnd == _lineStart;
            _lineStart = _scanned = next;
            if (!empty) continue;
            blockLength = lineEnd;
            consumed = next;
            return true;
        }
        blockLength = consumed = 0;
        return false;
    }

    private bool TryParse(int blockLength, int consumed, out StreamFrame frame)
    {
        var block = _buffer.Span[..blockLength];
        int eventStart = 0, eventLength = 0, dataStart = 0, dataLength = 0, at = 0, lines = 0;
        while (at < block.Length)
        {
            int length = block[at..].IndexOfAny((byte)'\n', (byte)'\r');
            if (length < 0) length = block.Length - at;
            var line = block.Slice(at, length);
            if (ValueOf(line, "data"u8, out int skip))
            {
                if (lines == 0) (dataStart, dataLength) = (at + skip, length - skip);
                else Join(lines == 1 ? block.Slice(dataStart, dataLength) : default, line[skip..], ref dataLength);
                lines++;
            }
            else if (ValueOf(line, "event"u8, out skip))
            {
                (eventStart, eventLength) = (at + skip, length - skip);
            }
            at += length + 1;
        }
        LastRaw = _buffer.Slice(0, consumed);
        var data = lines > 1 ? _joined.AsMemory(0, dataLength) : _buffer.Slice(dataStart, dataLength);
        frame = new StreamFrame(_buffer.Slice(eventStart, eventLength), data);
        _buffer.Consume(consumed);
        _scanned = _lineStart = 0;
        return lines > 0;
    }

    // Several data lines of one event are joined in a buffer of their own: the block stays as it was sent. `length` is that of
    // the data so far, of which `first` is the one line that is not in the buffer yet.
    private void Join(ReadOnlySpan<byte> first, ReadOnlySpan<byte> line, ref int length)
    {
        int joined = length + 1 + line.Length;
        if (joined > _joined.Length) Array.Resize(ref _joined, Math.Max(joined, _joined.Length * 2));
        first.CopyTo(_joined);
        _joined[length] = (byte)'\n';
        line.CopyTo(_joined.AsSpan(length + 1));
        length = joined;
    }

    private static bool ValueOf(ReadOnlySpan<byte> line, ReadOnlySpan<byte> field, out int skip)
    {
        skip = 0;
        if (!line.StartsWith(field)) return false;
        if (line.Length == field.Length)
        {
            skip = field.Length;
            return true;
        }
        if (line[field.Length] != ':') return false;
        skip = field.Length + 1;
        if (skip < line.Length && line[skip] == ' ') skip++;
        return true;
    }
}
