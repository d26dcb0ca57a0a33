using System.Text;
using System.Text.Unicode;

namespace Sluice.Formats.Json;

/// <summary>
/// Finds and mends strings in JSON that are no Unicode text: bytes that are no UTF-8, and <c>\u</c> escapes of half a surrogate pair (clients and models cut
/// texts inside an emoji). A parser accepts them and fails only when such a string is read or written, so they are met at the border.
/// </summary>
internal static class JsonUnicode
{
    /// <summary>True when every string of the JSON is Unicode text.</summary>
    public static bool IsValid(ReadOnlySpan<byte> json) => Utf8.IsValid(json) && FindHalf(json, 0) < 0;

    /// <summary>The JSON with U+FFFD in the place of what is no Unicode: the same memory where there is nothing to mend.</summary>
    public static ReadOnlyMemory<byte> Mend(ReadOnlyMemory<byte> json)
    {
        if (IsValid(json.Span)) return json;
        byte[] mended = Utf8.IsValid(json.Span) ? json.ToArray() : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span));
        for (int at = FindHalf(mended, 0); at >= 0; at = FindHalf(mended, at + 6)) "fffd"u8.CopyTo(mended.AsSpan(at + 2));
        return mended;
    }

    /// <summary>
    /// The length of the character that stands at a position: a UTF-8 sequence, or an escape. Where it is half a surrogate pair, by an escape or by three bytes,
    /// <paramref name="half"/> is that; where it is no character at all the length is negative.
    /// </summary>
    public static int SequenceLength(ReadOnlySpan<byte> json, int at, out char half)
    {
        half = '\0';
        if (json[at] == '\\')
        {
            int unit = Unit(json, at);
            if (!char.IsSurrogate((char)unit)) return Math.Min(2, json.Length - at);
            if (char.IsHighSurrogate((char)unit) && char.IsLowSurrogate((char)Unit(json, at + 6))) return 12;
            half = (char)unit;
            return 6;
        }
        if (Rune.DecodeFromUtf8(json[at..], out _, out int length) == System.Buffers.OperationStatus.Done) return length;
        if (json[at] != 0xED || at + 2 >= json.Length || json[at + 1] is < 0xA0 or > 0xBF || json[at + 2] is < 0x80 or > 0xBF) return -length;
        half = (char)(0xD000 | ((json[at + 1] & 0x3F) << 6) | (json[at + 2] & 0x3F));
        return 3;
    }

    // Offset of the next escape of half a pair. Only strings hold backslashes, so their borders need not be known.
    private static int FindHalf(ReadOnlySpan<byte> json, int from)
    {
        while (true)
        {
            int next = json[from..].IndexOf((byte)'\\');
            if (next < 0) return -1;
            int at = from + next;
            int unit = Unit(json, at);
            if (char.IsSurrogate((char)unit))
            {
                if (!char.IsHighSurrogate((char)unit) || !char.IsLowSurrogate((char)Unit(json, at + 6))) return at;
                from = at + 12;
            }
            else
            {
                from = Math.Min(at + 2, json.Length);
            }
        }
    }

    // The UTF-16 unit of an escape; 0 for what is none.
    private static int Unit(ReadOnlySpan<byte> json, int at)
    {
        if (at + 6 > json.Length || json[at] != '\\' || json[at + 1] != 'u') return 0;
        return System.Buffers.Text.Utf8Parser.TryParse(json.Slice(at + 2, 4), out ushort unit, out int used, 'x') && used == 4 ? unit : 0;
    }
}
