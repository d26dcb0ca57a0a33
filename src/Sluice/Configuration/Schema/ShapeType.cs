using System.Buffers;

namespace Sluice.Configuration.Schema;

/// <summary>
/// Text of a fixed shape. The pattern is what editors check; the function is the same rule without the start-up cost of a regular expression,
/// and a test holds that they agree.
/// </summary>
internal sealed class ShapeType(string name, string expected, string pattern, Func<string, bool> isRight) : ScalarType
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static readonly SearchValues<char> NameSigns = SearchValues.Create(Alphanumeric + "._-");
    private static readonly SearchValues<char> TokenSigns = SearchValues.Create(Alphanumeric + "!#$%&'*+.^_`|~-");

    /// <summary>Names that stand before the slash of a model id, in variables and in addresses.</summary>
    internal static readonly ShapeType Identifier = new(
        "name",
        "up to 64 letters, digits, '-', '_' and '.', beginning with a letter or digit",
        "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        static text => text is { Length: > 0 and <= 64 } && char.IsAsciiLetterOrDigit(text[0]) && !text.AsSpan().ContainsAnyExcept(NameSigns));

    internal static readonly ShapeType RouteName = new(
        "route name",
        "a name of up to 200 signs that neither begins nor ends with a blank",
        "^[^\\s\\x00-\\x1F\\x7F]([^\\x00-\\x1F\\x7F]{0,198}[^\\s\\x00-\\x1F\\x7F])?$",
        static text => text is { Length: > 0 and <= 200 } && !char.IsWhiteSpace(text[0]) && !char.IsWhiteSpace(text[^1]) && !text.Any(c => c is < ' ' or '\x7F'));

    /// <summary>A token of RFC 9110, section 5.6.2; a star in it is Sluice's own.</summary>
    internal static readonly ShapeType HeaderName = new(
        "header name",
        "letters, digits and '-'",
        "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$",
        static text => text is { Length: > 0 and <= 100 } && !text.AsSpan().ContainsAnyExcept(TokenSigns));

    /// <summary>A field value of RFC 9110, section 5.5: no line end, no other control sign.</summary>
    internal static readonly ShapeType HeaderValue = new(
        "header value", "text in one line without control signs", "^[\\t\\x20-\\x7E\\x80-\\uFFFF]*$", static text => text.All(c => c is '\t' or (>= ' ' and not '\x7F')));

    /// <summary>A name as <c>Host</c> carries it, without port.</summary>
    internal static readonly ShapeType HostName = new(
        "host name",
        "a host name or IP address without scheme and port, such as gateway.example.com or *.example.com",
        "^(\\*\\.)?[A-Za-z0-9_][A-Za-z0-9._-]{0,252}$|^\\[[0-9A-Fa-f:.]{2,45}\\]$",
        static text => text is ['[', .., ']'] ? text.Length is >= 4 and <= 47 && text[1..^1].All(c => char.IsAsciiHexDigit(c) || c is ':' or '.') : IsHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text));

    /// <summary>An origin as browsers send it.</summary>
    internal static readonly ShapeType Origin = new(
        "origin",
        "an origin without a path, such as https://chat.example.com or http://localhost:3000",
        "^\\*$|^[A-Za-z][A-Za-z0-9+.-]*://[^\\s/?#@\"]{1,253}$",
        static text => text == "*" || IsOrigin(text));

    internal static readonly ShapeType RegexFlags = new("set of flags", "any of i, m, s, x", "^[imsx]*$", static text => text.All(c => c is 'i' or 'm' or 's' or 'x'));

    internal static readonly ShapeType HedgeDelay = new(
        "duration or percentile",
        "a time such as 2s or a percentile such as p95",
        "^(([0-9]+(\\.[0-9]+)?(ms|s|m))+|p[0-9]{1,2})$",
        static text => text is ['p', ..] ? text.Length is 2 or 3 && text[1..].All(char.IsAsciiDigit) : Quantities.TryParseDuration(text, out _));

    private static bool IsHostName(string text) => text is { Length: > 0 and <= 253 } && (char.IsAsciiLetterOrDigit(text[0]) || text[0] == '_') && !text.AsSpan().ContainsAnyExcept(NameSigns);

    private static bool IsOrigin(string text)
    {
        int end = text.IndexOf("://", StringComparison.Ordinal);
        return end > 0 && char.IsAsciiLetter(text[0]) && text[..end].All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '.' or '-')
            && text.Length - end - 3 is > 0 and <= 253 && text[(end + 3)..].All(c => !char.IsWhiteSpace(c) && c is not ('/' or '?' or '#' or '@' or '"'));
    }

    internal override string Name => name;

    internal override string Expected => expected;

    internal string Pattern => pattern;

    internal override Problem? Check(string text) => isRight(text) ? null : Wrong(text);
}
