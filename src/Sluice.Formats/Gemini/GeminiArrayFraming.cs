using System.Buffers;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>
/// Frames chunks that are relayed unread for a client that asked for a stream without <c>alt=sse</c>: one JSON array, written over time
/// (<see cref="StreamStyle.JsonArray"/>). Upstreams are always asked for events.
/// </summary>
public sealed class GeminiArrayFraming
{
    private bool _isOpen;

    /// <summary>Writes the next chunk.</summary>
    /// <param name="chunk">The data of one server-sent event: a JSON object.</param>
    /// <param name="output">The client's body.</param>
    public void Chunk(ReadOnlySpan<byte> chunk, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write(_isOpen ? ",\r\n"u8 : "["u8);
        output.Write(chunk);
        _isOpen = true;
    }

    /// <summary>Ends the array. An array without chunks is written as an empty one.</summary>
    public void End(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write(_isOpen ? "]"u8 : "[]"u8);
        _isOpen = true;
    }
}
