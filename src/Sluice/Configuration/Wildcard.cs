namespace Sluice.Configuration;

/// <summary>Patterns in which <c>*</c> stands for any text, as <c>allow</c>, <c>where</c> and groups use them.</summary>
public static class Wildcard
{
    /// <summary>Whether the whole text fits the pattern; upper and lower case differ. Takes at most text times pattern steps.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var (p, t, star, mark) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*') (star, mark) = (p++, t);
            else if (p < pattern.Length && pattern[p] == text[t]) (p, t) = (p + 1, t + 1);
            else if (star >= 0) (p, t) = (star + 1, ++mark);
            else return false;
        }

        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }
}
