using System.Buffers;
using Sluice.Formats.Gemini;
using Sluice.Wire;

namespace Sluice.Transforms.Streams;

/// <summary>Writes events for the client: as they came, with other data, or made here.</summary>
internal sealed class EventFraming(StreamFraming framing, GeminiArrayFraming? array)
{
    /// <summary>An event that no rule changes.</summary>
    public void Unchanged(in StreamFrame frame, ReadOnlyMemory<byte> raw, IBufferWriter<byte> output)
    {
        if (array is null) output.Write(raw.Span);
        else array.Chunk(frame.Data.Span, output);
    }

    /// <summary>An event with other data; its other lines stay.</summary>
    public void Changed(in StreamFrame frame, ReadOnlyMemory<byte> raw, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        if (array is not null)
        {
            array.Chunk(data, output);
        }
        else if (raw.Span.Overlaps(frame.Data.Span, out int at))
        {
            output.Write(raw.Span[..at]);
            output.Write(data);
            output.Write(raw.Span[(at + frame.Data.Length)..]);
        }
        else
        {
            // The data came in several lines and was joined.
            New(frame.Event.Span, data, output);
        }
    }

    /// <summary>An event of our own.</summary>
    public void New(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        if (array is not null)
        {
            array.Chunk(data, output);
            return;
        }
        if (framing == StreamFraming.NdJson)
        {
            output.Write(data);
            output.Write("\n"u8);
            return;
        }
        if (!name.IsEmpty)
        {
            output.Write("event: "u8);
            output.Write(name);
            output.Write("\n"u8);
        }
        foreach (var line in data.Split((byte)'\n'))
        {
            output.Write("data: "u8);
            output.Write(data[line]);
            output.Write("\n"u8);
        }
        output.Write("\n"u8);
    }
}
