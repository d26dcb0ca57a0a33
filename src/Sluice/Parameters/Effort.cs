namespace Sluice.Parameters;

/// <summary>The scale of reasoning efforts.</summary>
internal static class Effort
{
    private static readonly string[] Scale = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

    /// <summary>The effort of a list that is nearest to one that was asked for; of two the higher. <see langword="null"/> for a word that is not on the scale.</summary>
    public static string? Nearest(string asked, IReadOnlyList<string> taken)
    {
        if (taken.Contains(asked)) return asked;
        int wanted = Array.IndexOf(Scale, asked);
        if (wanted < 0) return null;
        string? best = null;
        int distance = int.MaxValue;
        foreach (string effort in taken)
        {
            int at = Array.IndexOf(Scale, effort);
            // Who asks for some reasoning is not given none, and the vendor's word "default" is the nearest to all.
            if (at == 0) continue;
            int far = at < 0 ? 0 : Math.Abs(at - wanted);
            if (far < distance || (far == distance && at > wanted)) (best, distance) = (effort, far);
        }
        return best;
    }
}
