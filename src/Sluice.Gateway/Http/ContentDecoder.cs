using System.Buffers;
using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;
using Sluice.Engine.Buffers;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Sluice.Gateway.Http;

/// <summary>What came of decoding.</summary>
internal enum DecodingResult
{
    /// <summary>The whole is decoded.</summary>
    Done,

    /// <summary>It decodes to more than is allowed.</summary>
    TooLarge,

    /// <summary>It is damaged, cut off, or something else.</summary>
    Corrupt,
}

/// <summary>Undoes one content coding. What is written never exceeds the bound, however small the data.</summary>
internal static class ContentDecoder
{
    private const int Piece = 16 * 1024;

    // RFC 9659: encoders must not ask for more than 8 MiB of window over HTTP. A frame of one segment has its content's size as window.
    private const int LeastWindowLog = 23;
    private const int MostWindowLog = 27;

    // Without it .NET takes data that is cut off for whole. Read once, when the first stream is made.
    static ContentDecoder() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    /// <summary>Decodes data.</summary>
    /// <param name="coding">gzip, deflate, br or zstd.</param>
    /// <param name="data">The encoded data.</param>
    /// <param name="output">Where the decoded data go.</param>
    /// <param name="max">Most decoded bytes.</param>
    public static DecodingResult Decode(string coding, ReadOnlyMemory<byte> data, PooledBuffer output, long max)
    {
        if (coding == "br") return Brotli(data.Span, output, max);
        using var source = Source(data);
        try
        {
            using var decoder = Decoder(coding, source, data.Span, max);
            while (true)
            {
                int count = decoder.Read(output.GetSpan(Piece));
                if (count == 0) return source.Position == source.Length ? DecodingResult.Done : DecodingResult.Corrupt;
                output.Advance(count);
                if (output.Length > max) return DecodingResult.TooLarge;
            }
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException or EndOfStreamException or IOException)
        {
            return DecodingResult.Corrupt;
        }
    }

    private static Stream Decoder(string coding, Stream source, ReadOnlySpan<byte> data, long max) => coding switch
    {
        "gzip" => new GZipStream(source, CompressionMode.Decompress),
        // Meant is zlib's format (RFC 9110, section 8.4.1.2); many send deflate without it.
        "deflate" => IsZlib(data) ? new ZLibStream(source, CompressionMode.Decompress) : new DeflateStream(source, CompressionMode.Decompress),
        _ => Zstandard(source, max),
    };

    private static bool IsZlib(ReadOnlySpan<byte> data) => data.Length >= 2 && (data[0] & 0x0f) == 8 && data[0] >> 4 <= 7 && ((data[0] << 8) | data[1]) % 31 == 0;

    private static DecompressionStream Zstandard(Stream source, long max)
    {
        var stream = new DecompressionStream(source, leaveOpen: true);
        stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, Math.Clamp(BitOperations.Log2((ulong)max) + 1, LeastWindowLog, MostWindowLog));
        return stream;
    }

    private static DecodingResult Brotli(ReadOnlySpan<byte> data, PooledBuffer output, long max)
    {
        using var decoder = default(BrotliDecoder);
        while (true)
        {
            var status = decoder.Decompress(data, output.GetSpan(Piece), out int consumed, out int written);
            output.Advance(written);
            if (output.Length > max) return DecodingResult.TooLarge;
            data = data[consumed..];
            switch (status)
            {
                case OperationStatus.DestinationTooSmall: break;
                case OperationStatus.Done: return data.IsEmpty ? DecodingResult.Done : DecodingResult.Corrupt;
                default: return DecodingResult.Corrupt;
            }
        }
    }

    private static MemoryStream Source(ReadOnlyMemory<byte> data)
    {
        MemoryMarshal.TryGetArray(data, out var array);
        return new MemoryStream(array.Array!, array.Offset, array.Count, writable: false);
    }
}
