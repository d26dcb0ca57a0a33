namespace Sluice.Configuration;

/// <summary>Finds the known word that a mistyped one most likely stands for.</summary>
internal static class Nearest
{
    /// <summary>The nearest candidate within a third of the word's length (at least two signs); null where none is near.</summary>
    internal static string? Find(string word, IEnumerable<string> candidates)
    {
        string? best = null;
        var bestDistance = Math.Max(2, word.Length / 3) + 1;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - word.Length) >= bestDistance && !IsBeginning(word, candidate)) continue;
            var distance = IsBeginning(word, candidate) ? 1 : Distance(Fold(word), Fold(candidate));
            if (distance >= bestDistance || distance >= candidate.Length) continue;
            (best, bestDistance) = (candidate, distance);
        }

        return best;
    }

    private static bool IsBeginning(string word, string candidate) => word.Length >= 3 && candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase);

    private static string Fold(string word) => word.ToLowerInvariant().Replace('-', '_');

    // Optimal string alignment: insertions, deletions, exchanges, and two neighbours swapped.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var value = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) value = Math.Min(value, rows[i - 2, j - 2] + 1);
                rows[i, j] = value;
            }
        }

        return rows[a.Length, b.Length];
    }
}
