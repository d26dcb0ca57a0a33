using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sluice.Transforms.Json;

/// <summary>
/// JSON strings to text and back. Halves of surrogate pairs, which providers make by cutting texts inside an emoji, survive: a library's reader and
/// writer would refuse or spoil them.
/// </summary>
internal static class JsonStrings
{
    /// <summary>The text of a string without its quotes.</summary>
    public static string Decode(ReadOnlySpan<byte> inner)
    {
        if (!inner.Contains((byte)'\\')) return Encoding.UTF8.GetString(inner);
        var text = new StringBuilder(inner.Length);
        while (!inner.IsEmpty)
        {
            int plain = inner.IndexOf((byte)'\\');
            if (plain < 0 || plain + 1 >= inner.Length) plain = inner.Length;
            text.Append(Encoding.UTF8.GetString(inner[..plain]));
            inner = inner[plain..];
            if (inner.IsEmpty) break;
            if (inner[1] == 'u' && inner.Length >= 6 && System.Buffers.Text.Utf8Parser.TryParse(inner.Slice(2, 4), out ushort unit, out int used, 'x') && used == 4)
            {
                text.Append((char)unit);
                inner = inner[6..];
                continue;
            }
            text.Append(Unescape((char)inner[1]));
            inner = inner[2..];
        }
        return text.ToString();
    }

    /// <summary>The sign that an escape of one letter stands for.</summary>
    public static char Unescape(char letter) => letter switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', _ => letter };

    /// <summary>A text as a JSON string with quotes.</summary>
    public static byte[] Quote(string text) => Encoding.UTF8.GetBytes($"\"{Escape(text)}\"");

    /// <summary>A text as it stands between the quotes; only what must be is escaped.</summary>
    public static string Escape(string text)
    {
        int at = FirstSpecial(text, 0);
        if (at < 0) return text;
        var escaped = new StringBuilder(text.Length + 16);
        int from = 0;
        for (; at >= 0; at = FirstSpecial(text, from))
        {
            escaped.Append(text, from, at - from);
            from = at + 1;
            char c = text[at];
            if (char.IsHighSurrogate(c) && from < text.Length && char.IsLowSurrogate(text[from])) escaped.Append(c).Append(text[from++]);
            else Append(escaped, c);
        }
        return escaped.Append(text, from, text.Length - from).ToString();
    }

    private static void Append(StringBuilder escaped, char c)
    {
        switch (c)
        {
            case '"': escaped.Append("\\\""); break;
            case '\\': escaped.Append("\\\\"); break;
            case '\n': escaped.Append("\\n"); break;
            case '\r': escaped.Append("\\r"); break;
            case '\t': escaped.Append("\\t"); break;
            default: escaped.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)); break;
        }
    }

    private static readonly SearchValues<char> Special = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\', '\x7f']);

    private static int FirstSpecial(string text, int from)
    {
        var rest = text.AsSpan(from);
        int at = rest.IndexOfAny(Special);
        int half = (at < 0 ? rest : rest[..at]).IndexOfAnyInRange('\ud800', '\udfff');
        return half >= 0 ? from + half : at < 0 ? -1 : from + at;
    }
}
