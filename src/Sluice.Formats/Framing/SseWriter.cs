using System.Buffers;

namespace Sluice.Formats.Framing;

/// <summary>Writes server-sent events. Data must hold no line feed: JSON as our writers make it never does.</summary>
public static class SseWriter
{
    /// <summary><c>data: ...</c> and an empty line.</summary>
    public static void Data(IBufferWriter<byte> output, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("data: "u8);
        output.Write(data);
        output.Write("\n\n"u8);
    }

    /// <summary><c>event: ...</c>, <c>data: ...</c> and an empty line.</summary>
    public static void Event(IBufferWriter<byte> output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("event: "u8);
        output.Write(name);
        output.Write("\n"u8);
        Data(output, data);
    }
}
