using System.Globalization;
using System.Text;
using Sluice.Transforms.Json;

namespace Sluice.Transforms.JsonPath;

/// <summary>The text of a query and a place in it.</summary>
internal sealed class JsonPathText(string text)
{
    private const long MaxInteger = (1L << 53) - 1;

    public int Position { get; set; }

    public bool IsAtEnd => Position >= text.Length;

    /// <summary>The sign at the place; NUL at the end.</summary>
    public char Peek => PeekAt(0);

    public char PeekAt(int offset) => Position + offset < text.Length ? text[Position + offset] : '\0';

    public JsonPathException Fault(string message) => new(Position, message);

    public bool Take(char sign)
    {
        if (IsAtEnd || Peek != sign) return false;
        Position++;
        return true;
    }

    public bool Take(string word)
    {
        if (string.CompareOrdinal(text, Position, word, 0, word.Length) != 0) return false;
        Position += word.Length;
        return true;
    }

    public void SkipBlanks()
    {
        while (!IsAtEnd && Peek is ' ' or '\t' or '\n' or '\r') Position++;
    }

    /// <summary>A member's name without quotes.</summary>
    public string Name()
    {
        int start = Position;
        while (!IsAtEnd && (char.IsAsciiLetterOrDigit(Peek) || Peek is '_' or >= '\x80') && (Position > start || !char.IsAsciiDigit(Peek))) Position++;
        return Position > start ? text[start..Position] : throw Fault("a name was expected; write ['name'] where it has other signs than letters, digits and '_'");
    }

    /// <summary>A function's name: lower-case letters, digits and '_'; empty where none stands here.</summary>
    public string Word()
    {
        int start = Position;
        while (!IsAtEnd && (char.IsAsciiLetterLower(Peek) || (Position > start && (Peek == '_' || char.IsAsciiDigit(Peek))))) Position++;
        return text[start..Position];
    }

    public long Integer()
    {
        int start = Position;
        Take('-');
        int digits = Position;
        while (char.IsAsciiDigit(Peek)) Position++;
        var written = text.AsSpan(start, Position - start);
        if (Position == digits) throw Fault("a whole number was expected");
        bool isRight = long.TryParse(written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && Math.Abs(value) <= MaxInteger;
        if (!isRight || (text[digits] == '0' && (Position > digits + 1 || digits > start))) throw new JsonPathException(start, "this is no whole number of JSONPath");
        return value;
    }

    /// <summary>A number as JSON has it.</summary>
    public double Number()
    {
        int start = Position;
        while (!IsAtEnd && (char.IsAsciiDigit(Peek) || Peek is '-' or '+' or '.' or 'e' or 'E')) Position++;
        var bytes = Encoding.ASCII.GetBytes(text[start..Position]);
        if (JsonTree.Parse(bytes) is not { } tree || tree[JsonTree.Root].Kind != System.Text.Json.JsonValueKind.Number) throw new JsonPathException(start, "this is no number of JSON");
        return double.Parse(bytes, CultureInfo.InvariantCulture);
    }

    /// <summary>A text in quotes of either kind.</summary>
    public string Quoted()
    {
        int start = Position;
        char quote = text[Position++];
        var value = new StringBuilder();
        while (true)
        {
            if (IsAtEnd) throw new JsonPathException(start, "this quote is not closed");
            char sign = text[Position++];
            if (sign == quote) return value.ToString();
            if (sign < ' ') throw new JsonPathException(Position - 1, "a control sign must be escaped");
            value.Append(sign == '\\' ? Escaped(quote) : sign);
        }
    }

    private char Escaped(char quote)
    {
        char sign = Peek;
        if (sign == 'u')
        {
            if (Position + 5 <= text.Length && ushort.TryParse(text.AsSpan(Position + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit))
            {
                Position += 5;
                return (char)unit;
            }
            throw Fault("four hexadecimal digits were expected after \\u");
        }
        if (sign != quote && sign is not ('b' or 'f' or 'n' or 'r' or 't' or '/' or '\\')) throw Fault("this escape is not known");
        Position++;
        return JsonStrings.Unescape(sign);
    }
}

/// <summary>Ends the reading of a query inside the parser.</summary>
#pragma warning disable CA1032, CA1064, RCS1194 // thrown and caught inside the parser only
internal sealed class JsonPathException(int position, string message) : Exception(message)
#pragma warning restore CA1032, CA1064, RCS1194
{
    public int Position { get; } = position;
}
