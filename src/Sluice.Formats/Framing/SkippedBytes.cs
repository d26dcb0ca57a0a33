namespace Sluice.Formats.Framing;

/// <summary>
/// Bytes that a frame reader passed over. A relay takes them out before the next piece of the body arrives; whoever does not want them lets them
/// go with that piece, so that endless comments use no memory.
/// </summary>
internal sealed class SkippedBytes
{
    private const int MostKept = 1 << 20;
    private readonly List<byte> _bytes = [];

    public int Capacity => _bytes.Capacity;

    public void Add(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    public void Clear()
    {
        _bytes.Clear();
        // A stream may go on for long after one large comment.
        if (_bytes.Capacity > MostKept) _bytes.Capacity = 0;
    }

    public byte[] Take()
    {
        if (_bytes.Count == 0) return [];
        byte[] taken = [.. _bytes];
        Clear();
        return taken;
    }
}
