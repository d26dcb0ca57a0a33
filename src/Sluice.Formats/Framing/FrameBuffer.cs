namespace Sluice.Formats.Framing;

/// <summary>Bytes that have arrived and are not yet consumed, in one growing array. Consumed space is reclaimed when more arrives.</summary>
/// <param name="max">The most bytes of one line, its end included, and of what is left of a frame from earlier pieces.</param>
internal sealed class FrameBuffer(int max)
{
    private const int Initial = 4096;
    private const int MostKept = 1 << 20;
    private byte[] _bytes = new byte[Initial];
    private int _start;
    private int _end;

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(_start, _end - _start);

    public int Length => _end - _start;

    public int Capacity => _bytes.Length;

    public bool Append(ReadOnlySpan<byte> bytes)
    {
        // A piece may hold many frames, each of them within the bound.
        if (Length + bytes.Length > max && HoldsTooLong(bytes)) return false;
        if (_end + bytes.Length > _bytes.Length) MakeRoom(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
        return true;
    }

    public ReadOnlyMemory<byte> Slice(int offset, int length) => _bytes.AsMemory(_start + offset, length);

    /// <summary>Gives up the first bytes; their memory stays as it is until the next <see cref="Append"/>.</summary>
    public void Consume(int count)
    {
        _start += count;
        if (_start != _end) return;
        _start = _end = 0;
        // A stream may go on for long after one large frame.
        if (_bytes.Length > MostKept) _bytes = new byte[Initial];
    }

    private bool HoldsTooLong(ReadOnlySpan<byte> bytes)
    {
        int begun = Length;
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            if (begun + (end < 0 ? bytes.Length : end + 1) > max) return true;
            if (end < 0) return false;
            bytes = bytes[(end + 1)..];
            begun = 0;
        }
        return false;
    }

    private void MakeRoom(int more)
    {
        int length = Length;
        byte[] target = length + more > _bytes.Length ? new byte[Math.Max(_bytes.Length * 2, length + more)] : _bytes;
        _bytes.AsSpan(_start, length).CopyTo(target);
        _bytes = target;
        _start = 0;
        _end = length;
    }
}
