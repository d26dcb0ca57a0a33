namespace Sluice.Routing;

/// <summary>Finds names like one that nobody knows.</summary>
internal static class NearestNames
{
    /// <summary>At most <paramref name="count"/> names within a third of the name's length in edits, nearest first.</summary>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> known, int count = 3)
    {
        int bound = Math.Max(2, name.Length / 3);
        return [.. known.Select(k => (Name: k, Distance: Distance(name, k, bound)))
            .Where(c => c.Distance <= bound)
            .OrderBy(c => c.Distance).ThenBy(c => c.Name, StringComparer.Ordinal)
            .Take(count)
            .Select(c => c.Name)];
    }

    /// <summary>A sentence that offers them; empty where there are none.</summary>
    public static string Suggestion(string name, IEnumerable<string> known)
    {
        var near = Of(name, known);
        return near.Count == 0 ? "" : $" Did you mean {string.Join(" or ", near.Select(n => $"'{n}'"))}?";
    }

    // Levenshtein distance without regard to case, in two rows; longer names are cut, so that a huge name costs nothing.
    private static int Distance(string a, string b, int bound)
    {
        const int Longest = 128;
        if (Math.Abs(a.Length - b.Length) > bound) return int.MaxValue;
        if (a.Length > Longest || b.Length > Longest) return int.MaxValue;
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) previous[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1] + 1, previous[j] + 1), previous[j - 1] + cost);
            }
            (previous, current) = (current, previous);
        }
        return previous[b.Length];
    }
}
