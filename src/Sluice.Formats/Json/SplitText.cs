using System.Buffers;
using System.Text;
using Sluice.Chat;

namespace Sluice.Formats.Json;

/// <summary>
/// Characters that a provider cut between two pieces of a text: half a surrogate pair as an escape, or the first bytes of a UTF-8 sequence, at the end of one JSON
/// string and the rest at the start of another. No parser gives them out, so each half is put into the text as a character of private use until the
/// pieces are joined. What finds no other half becomes U+FFFD.
/// </summary>
internal static class SplitText
{
    // The last characters of the last plane: a byte of a sequence, and a UTF-16 unit.
    private const int Bytes = 0x10F700;
    private const int Units = 0x10F800;
    private const int FirstMark = Bytes + 0x80;

    /// <summary>The JSON with every half character at the border of a string as a mark, and elsewhere as U+FFFD: the same memory where there is none.</summary>
    public static ReadOnlyMemory<byte> Mark(ReadOnlyMemory<byte> json) => JsonUnicode.IsValid(json.Span) ? json : Rewrite(json.Span);

    /// <summary>Joins marks that stand side by side.</summary>
    /// <param name="text">The text; it begins with what an earlier piece left.</param>
    /// <param name="rest">The marks at its end that may still find their other half; empty where no text follows.</param>
    /// <param name="isLast">No text follows.</param>
    public static string Join(string text, bool isLast, out string rest)
    {
        rest = "";
        if (!text.AsSpan().ContainsAnyInRange('\udbfd', '\udbff')) return text;
        var joined = new StringBuilder(text.Length);
        int at = 0;
        while (at < text.Length)
        {
            int mark = MarkAt(text, at);
            if (mark == 0)
            {
                joined.Append(text[at++]);
                continue;
            }
            int taken = mark >= Units ? JoinUnits(text, at, joined) : JoinBytes(text, at, joined);
            if (taken == 0)
            {
                if (isLast) joined.Append('\ufffd');
                else rest = text[at..];
                break;
            }
            at += taken;
        }
        return joined.ToString();
    }

    /// <summary>Joins what was cut between two parts of one kind, and ends what was cut elsewhere.</summary>
    public static ChatResponse Join(ChatResponse response) =>
        response with { Candidates = [.. response.Candidates.Select(c => c with { Parts = Join(c.Parts) })] };

    /// <summary>The part with its text joined; what may go on in the next part is left to it.</summary>
    public static Part Join(Part part, string before, bool isLast, out string rest)
    {
        rest = "";
        return part switch
        {
            TextPart p => p with { Text = Join(before + p.Text, isLast, out rest) },
            RefusalPart p => p with { Text = Join(before + p.Text, isLast, out rest) },
            ReasoningPart p => p with { Text = Join(before + p.Text, isLast, out rest), SummaryParagraphs = [.. p.SummaryParagraphs.Select(s => Join(s, isLast: true, out _))] },
            ToolCallPart p => p with { Arguments = Join(before + p.Arguments, isLast, out rest) },
            _ => part,
        };
    }

    private static List<Part> Join(IReadOnlyList<Part> parts)
    {
        var joined = new List<Part>(parts.Count);
        string rest = "";
        for (int i = 0; i < parts.Count; i++)
        {
            bool goesOn = i + 1 < parts.Count && parts[i] is TextPart or ReasoningPart && parts[i].GetType() == parts[i + 1].GetType();
            joined.Add(Join(parts[i], rest, isLast: !goesOn, out rest));
        }
        return joined;
    }

    private static int MarkAt(string text, int at)
    {
        if (at + 1 >= text.Length || text[at] is < '\udbfd' or > '\udbff' || !char.IsLowSurrogate(text[at + 1])) return 0;
        int code = char.ConvertToUtf32(text[at], text[at + 1]);
        return code >= FirstMark ? code : 0;
    }

    // The number of UTF-16 units that were taken; 0 where the rest may follow.
    private static int JoinUnits(string text, int at, StringBuilder joined)
    {
        char unit = (char)(MarkAt(text, at) - Units + 0xD800);
        if (char.IsHighSurrogate(unit))
        {
            if (at + 2 == text.Length) return 0;
            int next = MarkAt(text, at + 2);
            if (next >= Units && char.IsLowSurrogate((char)(next - Units + 0xD800)))
            {
                joined.Append(unit).Append((char)(next - Units + 0xD800));
                return 4;
            }
        }
        joined.Append('\ufffd');
        return 2;
    }

    private static int JoinBytes(string text, int at, StringBuilder joined)
    {
        Span<byte> sequence = stackalloc byte[4];
        int count = 0, end = at;
        while (count < sequence.Length && MarkAt(text, end) is >= FirstMark and < Units and var mark)
        {
            sequence[count++] = (byte)(mark - Bytes);
            end += 2;
        }
        var status = Rune.DecodeFromUtf8(sequence[..count], out var rune, out int used);
        if (status == OperationStatus.NeedMoreData && end == text.Length) return 0;
        joined.Append(rune.ToString());
        return used * 2;
    }

    private static byte[] Rewrite(ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(json.Length + 64);
        int at = 0, marked = -1;
        while (at < json.Length)
        {
            int plain = json[at..].IndexOfAnyInRange((byte)0x80, (byte)0xFF) is >= 0 and var high ? high : json.Length - at;
            if (json.Slice(at, plain).IndexOf((byte)'\\') is >= 0 and var escape) plain = escape;
            output.Write(json.Slice(at, plain));
            at += plain;
            if (at == json.Length) break;
            int length = JsonUnicode.SequenceLength(json, at, out char half);
            if (half != 0)
            {
                bool isMark = char.IsHighSurrogate(half) ? Ends(json, at + length) : Begins(json, at);
                Write(output, isMark ? Units + half - 0xD800 : 0xFFFD);
            }
            else if (length < 0)
            {
                length = -length;
                bool isMark = Ends(json, at + length) || Begins(json, at) || marked == at;
                for (int i = 0; i < (isMark ? length : 1); i++) Write(output, isMark ? Bytes + json[at + i] : 0xFFFD);
                if (isMark) marked = at + length;
            }
            else
            {
                output.Write(json.Slice(at, length));
            }
            at += length;
        }
        return output.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> output, int code) => output.Advance(new Rune(code).EncodeToUtf8(output.GetSpan(4)));

    private static bool Ends(ReadOnlySpan<byte> json, int at) => at < json.Length && json[at] == '"';

    // A quote that begins a string has no backslash before it.
    private static bool Begins(ReadOnlySpan<byte> json, int at) => at > 0 && json[at - 1] == '"' && (at == 1 || json[at - 2] != '\\');
}
