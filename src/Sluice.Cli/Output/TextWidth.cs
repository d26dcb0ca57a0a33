using System.Globalization;
using System.Text;

namespace Sluice.Cli.Output;

/// <summary>How many columns of a terminal a text takes, and where it may be broken.</summary>
internal static class TextWidth
{
    // East Asian wide and full-width signs and pictographs: two columns each (Unicode Standard Annex 11).
    private static readonly (int From, int To)[] Wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xA960, 0xA97F), (0xAC00, 0xD7A3), (0xF900, 0xFAFF),
        (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x1FA70, 0x1FAFF), (0x20000, 0x3FFFD),
    ];

    /// <summary>The columns that a text takes.</summary>
    public static int Of(string text)
    {
        if (Ascii.IsValid(text)) return text.Length;
        int width = 0;
        for (int i = 0, length; i < text.Length; i += length)
        {
            length = StringInfo.GetNextTextElementLength(text.AsSpan(i));
            width += OfElement(text.AsSpan(i, length));
        }
        return width;
    }

    /// <summary>The columns that one sign with its marks takes.</summary>
    public static int OfElement(ReadOnlySpan<char> element)
    {
        if (Rune.DecodeFromUtf16(element, out var first, out _) != System.Buffers.OperationStatus.Done) return 1;
        foreach (var (from, to) in Wide)
        {
            if (first.Value >= from && first.Value <= to) return 2;
        }
        return Rune.GetUnicodeCategory(first) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control ? 0 : 1;
    }

    /// <summary>The parts of a text that must not be broken.</summary>
    public static IEnumerable<string> Words(string text)
    {
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == ' ')
            {
                if (i > start) yield return text[start..i];
                start = i + 1;
            }
            else if (text[i] == ',' && i + 1 < text.Length && text[i + 1] != ' ')
            {
                yield return text[start..(i + 1)];
                start = i + 1;
            }
        }
        if (start < text.Length) yield return text[start..];
    }

    /// <summary>The lines of a text that are not wider than this, where its words allow it.</summary>
    public static IEnumerable<string> Wrapped(string text, int width)
    {
        if (Of(text) <= width)
        {
            yield return text;
            yield break;
        }
        string line = "";
        foreach (string word in Words(text))
        {
            string joined = line.Length == 0 ? word : line[^1] == ',' && !text.Contains(", ", StringComparison.Ordinal) ? line + word : $"{line} {word}";
            if (line.Length > 0 && Of(joined) > width)
            {
                yield return line;
                joined = word;
            }
            line = joined;
        }
        yield return line;
    }
}
