namespace Sluice.Configuration.Schema;

/// <summary>How values and words appear in messages.</summary>
internal static class Shown
{
    private const int Longest = 40;

    /// <summary>
    /// A value in quotes, or just <c>the value</c> where it is long or may be a key that landed in the wrong place.
    /// </summary>
    internal static string Quote(string text) => text.Length > Longest || LooksSecret(text) || text.Any(char.IsControl) ? "the value" : $"'{text}'";

    internal static string WithArticle(this string noun) => (noun[0] is 'a' or 'e' or 'i' or 'o' ? "an " : "a ") + noun;

    internal static bool LooksSecret(string text)
    {
        if (text.Length < 12 || text.Any(char.IsWhiteSpace)) return false;
        if (text.StartsWith("sk-", StringComparison.Ordinal) || text.StartsWith("gsk_", StringComparison.Ordinal) || text.StartsWith("AIza", StringComparison.Ordinal)) return true;
        // Userinfo in a URL, or a long unbroken run of letters and digits mixed.
        if (text.Contains('@')) return true;
        var run = 0;
        var digits = 0;
        foreach (var c in text)
        {
            run = char.IsAsciiLetterOrDigit(c) || c is '_' ? run + 1 : 0;
            digits = run == 0 ? 0 : digits + (char.IsAsciiDigit(c) ? 1 : 0);
            if (run >= 16 && digits > 0) return true;
        }

        return false;
    }
}
