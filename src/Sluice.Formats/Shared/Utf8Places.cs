using System.Text;

namespace Sluice.Formats.Shared;

/// <summary>Turns places in a text that are counted in UTF-8 bytes into places in characters and back, without going through the text each time.</summary>
internal sealed class Utf8Places
{
    private const int Step = 256;
    private readonly byte[] _utf8;
    private readonly string _text;

    // Marks at the beginnings of signs, in both counts.
    private readonly List<int> _bytes = [0];
    private readonly List<int> _chars = [0];

    public Utf8Places(string text)
    {
        _text = text;
        _utf8 = Encoding.UTF8.GetBytes(text);
        for (int at = 0, bytes = 0; text.Length - at > Step;)
        {
            int next = char.IsHighSurrogate(text[at + Step - 1]) ? at + Step + 1 : at + Step;
            bytes += Encoding.UTF8.GetByteCount(text.AsSpan(at, next - at));
            at = next;
            _bytes.Add(bytes);
            _chars.Add(at);
        }
    }

    /// <summary>How many bytes the text has.</summary>
    public int Length => _utf8.Length;

    /// <summary>The characters before a byte.</summary>
    public int CharAt(int at)
    {
        int mark = MarkBefore(_bytes, at);
        return _chars[mark] + Encoding.UTF8.GetCharCount(_utf8, _bytes[mark], at - _bytes[mark]);
    }

    /// <summary>The bytes before a character.</summary>
    public int ByteAt(int at)
    {
        int mark = MarkBefore(_chars, at);
        return _bytes[mark] + Encoding.UTF8.GetByteCount(_text.AsSpan(_chars[mark], at - _chars[mark]));
    }

    private static int MarkBefore(List<int> marks, int at)
    {
        int found = marks.BinarySearch(at);
        return found >= 0 ? found : ~found - 1;
    }
}
