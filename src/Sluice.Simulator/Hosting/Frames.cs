using System.Buffers;
using System.Text;

namespace Sluice.Simulator.Hosting;

/// <summary>The bytes of an answer, cut into the pieces in which they are sent: one for a whole answer, one an event for a stream.</summary>
internal sealed class Frames
{
    private readonly ArrayBufferWriter<byte> buffer;
    private readonly List<int> ends = [];

    public Frames(int capacity = 1024) => buffer = new ArrayBufferWriter<byte>(capacity);

    public int Count => ends.Count;

    public int Length => ends.Count == 0 ? 0 : ends[^1];

    public IBufferWriter<byte> Writer => buffer;

    public ReadOnlyMemory<byte> this[int index] => buffer.WrittenMemory[(index == 0 ? 0 : ends[index - 1])..ends[index]];

    public ReadOnlyMemory<byte> All => buffer.WrittenMemory[..Length];

    /// <summary>Ends the piece that has been written.</summary>
    public void Cut() => ends.Add(buffer.WrittenCount);

    public void Write(ReadOnlySpan<byte> bytes) => buffer.Write(bytes);

    public void Write(string text) => Encoding.UTF8.GetBytes(text, buffer);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        buffer.Write(bytes);
        Cut();
    }
}
