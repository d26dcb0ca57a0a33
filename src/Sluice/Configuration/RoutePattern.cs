namespace Sluice.Configuration;

/// <summary>Names of routes with <c>*</c>, which stands for any text of at least one sign, and targets that carry what it stood for.</summary>
internal static class RoutePattern
{
    internal static bool IsPattern(string name) => name.Contains('*', StringComparison.Ordinal);

    internal static int CountStars(string text) => text.AsSpan().Count('*');

    /// <summary>How many signs a pattern spells out: the longest that fits is taken.</summary>
    internal static int Length(string pattern) => pattern.Length - CountStars(pattern);

    /// <summary>What each <c>*</c> stands for in a name, without regard to case; null where the name does not fit. Linear in the name's length.</summary>
    internal static string[]? Match(string pattern, string name)
    {
        var literals = pattern.Split('*');
        var (first, last) = (literals[0], literals[^1]);
        if (!name.StartsWith(first, StringComparison.OrdinalIgnoreCase)) return null;
        var parts = new string[literals.Length - 1];
        var at = first.Length;
        for (var i = 1; i < literals.Length - 1; i++)
        {
            var next = at + 1 > name.Length ? -1 : name.IndexOf(literals[i], at + 1, StringComparison.OrdinalIgnoreCase);
            if (next < 0) return null;
            parts[i - 1] = name[at..next];
            at = next + literals[i].Length;
        }

        var end = name.Length - last.Length;
        if (end <= at || !name.EndsWith(last, StringComparison.OrdinalIgnoreCase)) return null;
        parts[^1] = name[at..end];
        return parts;
    }

    /// <summary>A target's model with each <c>*</c> replaced by what the pattern's stood for, in order.</summary>
    internal static string Fill(string template, IReadOnlyList<string> parts)
    {
        if (!IsPattern(template)) return template;
        var pieces = template.Split('*');
        var filled = pieces[0];
        for (var i = 1; i < pieces.Length; i++) filled += (i <= parts.Count ? parts[i - 1] : "*") + pieces[i];
        return filled;
    }
}
