namespace Sluice.Routing.Strategies;

/// <summary>Draws by weight.</summary>
internal static class WeightedOrder
{
    // Each place is drawn among those that are left: a failed first choice falls back to the others by their weights too.
    public static List<Candidate> Of(List<Candidate> candidates, Random random)
    {
        var ordered = new List<Candidate>(candidates.Count);
        while (candidates.Count > 0)
        {
            int total = candidates.Sum(c => c.Weight);
            int drawn = 0;
            if (total > 0)
            {
                int ticket;
                lock (random) ticket = random.Next(total);
                while ((ticket -= candidates[drawn].Weight) >= 0) drawn++;
            }
            ordered.Add(candidates[drawn]);
            candidates.RemoveAt(drawn);
        }
        return ordered;
    }
}
