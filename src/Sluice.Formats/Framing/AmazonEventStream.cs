using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Sluice.Formats.Framing;

/// <summary>
/// The frame of <c>application/vnd.amazon.eventstream</c>: total length, length of the headers and a checksum of these two, each four bytes
/// big-endian; headers; payload; a checksum of everything before it. Checksums are CRC-32 as in zlib.
/// </summary>
internal static class AmazonEventStream
{
    /// <summary>Bytes before the headers.</summary>
    public const int PreludeLength = 12;

    /// <summary>Bytes that every frame has: the prelude and the last checksum.</summary>
    public const int Overhead = 16;

    private const byte StringType = 7;

    private static readonly uint[] Table = MakeTable();

    /// <summary>Writes a frame of string headers.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        int headerLength = 0;
        foreach (var (name, value) in headers) headerLength += 4 + Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value);
        int total = Overhead + headerLength + payload.Length;
        var frame = output.GetSpan(total)[..total];
        BinaryPrimitives.WriteInt32BigEndian(frame, total);
        BinaryPrimitives.WriteInt32BigEndian(frame[4..], headerLength);
        BinaryPrimitives.WriteUInt32BigEndian(frame[8..], Crc32(frame[..8]));
        int at = PreludeLength;
        foreach (var (name, value) in headers)
        {
            int length = Encoding.UTF8.GetBytes(name, frame[(at + 1)..]);
            frame[at] = (byte)length;
            at += 1 + length;
            frame[at++] = StringType;
            length = Encoding.UTF8.GetBytes(value, frame[(at + 2)..]);
            BinaryPrimitives.WriteUInt16BigEndian(frame[at..], (ushort)length);
            at += 2 + length;
        }
        payload.CopyTo(frame[at..]);
        BinaryPrimitives.WriteUInt32BigEndian(frame[^4..], Crc32(frame[..^4]));
        output.Advance(total);
    }

    /// <summary>Finds a string header.</summary>
    /// <param name="headers">The frame's headers.</param>
    /// <param name="name">Its name.</param>
    /// <param name="start">Where the value stands.</param>
    /// <param name="length">How many bytes it has.</param>
    public static bool TryFind(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> name, out int start, out int length)
    {
        (start, length) = (0, 0);
        int at = 0;
        while (at < headers.Length)
        {
            int nameLength = headers[at];
            int type = at + 1 + nameLength;
            if (type >= headers.Length) return false;
            int value = type + 1;
            int size = SizeOf(headers[type], headers, ref value);
            if (size < 0 || value + size > headers.Length) return false;
            if (headers[type] == StringType && headers.Slice(at + 1, nameLength).SequenceEqual(name))
            {
                (start, length) = (value, size);
                return true;
            }
            at = value + size;
        }
        return false;
    }

    /// <summary>The checksum of bytes.</summary>
    public static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes) crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        return ~crc;
    }

    // Types: 0 true, 1 false, 2 byte, 3 short, 4 int, 5 long, 6 bytes, 7 string, 8 time stamp, 9 UUID.
    private static int SizeOf(byte type, ReadOnlySpan<byte> headers, ref int value)
    {
        switch (type)
        {
            case 0 or 1: return 0;
            case 2: return 1;
            case 3: return 2;
            case 4: return 4;
            case 5 or 8: return 8;
            case 9: return 16;
            case 6 or StringType when value + 2 <= headers.Length:
                value += 2;
                return BinaryPrimitives.ReadUInt16BigEndian(headers[(value - 2)..]);
            default: return -1;
        }
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint c = i;
            for (int bit = 0; bit < 8; bit++) c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
            table[i] = c;
        }
        return table;
    }
}
