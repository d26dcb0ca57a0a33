using Sluice.Formats.Framing;
using Sluice.Wire;

namespace Sluice.Upstream;

/// <summary>Frames of a provider's stream as they may go on: without its key, where one quotes it.</summary>
internal sealed class BorderedFrames(IFrameReader frames, UpstreamBorder border) : IFrameReader
{
    private ReadOnlyMemory<byte>? _changed;

    public ReadOnlyMemory<byte> LastRaw => _changed ?? frames.LastRaw;

    public int Buffered => frames.Buffered;

    public bool Append(ReadOnlySpan<byte> bytes) => frames.Append(bytes);

    public bool TryRead(out StreamFrame frame) => Pass(frames.TryRead(out frame), ref frame);

    public bool TryReadLast(out StreamFrame frame) => Pass(frames.TryReadLast(out frame), ref frame);

    public byte[] TakeSkipped()
    {
        byte[] skipped = frames.TakeSkipped();
        return skipped.Length > 0 && border.Quotes(skipped) ? border.Back(skipped).ToArray() : skipped;
    }

    private bool Pass(bool isThere, ref StreamFrame frame)
    {
        _changed = null;
        if (!isThere) return false;
        var raw = frames.LastRaw;
        if (!border.Quotes(raw.Span)) return true;
        frame = frame with { Data = border.Back(frame.Data) };
        _changed = border.Back(raw);
        return true;
    }
}
