using System.Globalization;

namespace Sluice.Configuration;

/// <summary>
/// What the name of a model may be: segments between slashes, none of which leads elsewhere in an address. Held for every name that a client gives or a
/// configuration sends, whatever the format: a name that only stands in a body today may stand in a path at the next target.
/// </summary>
internal static class ModelName
{
    /// <summary>What is wrong with a name, to be read after "model"; <see langword="null"/> for a good one. Never repeats the name.</summary>
    public static string? Fault(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty) return "is empty";
        if (SignFault(name) is { } fault) return fault;
        foreach (var range in name.Split('/'))
        {
            // Some servers cut a parameter ("..;x") or blanks off before they look at a segment.
            var segment = name[range];
            if (segment.IndexOf(';') is >= 0 and var parameter) segment = segment[..parameter];
            segment = segment.Trim();
            if (segment.IsEmpty) return "has an empty segment between slashes";
            if (segment is "." or "..") return $"has the segment '{segment}'";
        }
        return null;
    }

    /// <summary>What is wrong with a name that the operator gives a provider's model: such a name may begin with a slash, as local servers name files.</summary>
    public static string? DeploymentFault(ReadOnlySpan<char> name) => Fault(name is ['/', .. var rest] ? rest : name);

    private static string? SignFault(ReadOnlySpan<char> name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            if (c is '\\' or '?' or '#') return $"has the sign '{c}'";
            // Once decoded it may be any of the others: %2e, %2f, %252f.
            if (c == '%' && i + 2 < name.Length && char.IsAsciiHexDigit(name[i + 1]) && char.IsAsciiHexDigit(name[i + 2])) return "has a percent escape";
            if (c >= ' ' && c < '\x7f') continue;
            if (char.IsHighSurrogate(c) && i + 1 < name.Length && char.IsLowSurrogate(name[i + 1])) i++;
            else if (!IsVisible(c)) return "has a control sign or one that is not seen";
        }
        return null;
    }

    /// <summary>False for controls, line ends, marks of writing direction, joiners, lone halves of surrogate pairs and signs of private use.</summary>
    internal static bool IsVisible(char c) => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
