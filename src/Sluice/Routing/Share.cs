using Sluice.Configuration;
using Sluice.Engine;

namespace Sluice.Routing;

/// <summary>Decides whether a call is among the share that a canary or a shadow gets.</summary>
internal static class Share
{
    /// <summary>The same answer for the same session or user, while the share stays; by chance for a caller whom nothing identifies.</summary>
    public static bool Takes(ShareConfig share, string route, CallContext call, Random random)
    {
        if (share.Percent <= 0) return false;
        if (share.Percent >= 100) return true;
        if (StickyHash.Of(StickyKey.Session, call) is { } caller)
        {
            // With the route's name, so that not the same callers are the first everywhere.
            return (StickyHash.Mix(caller ^ StickyHash.Of(route)) >> 11) * 100.0 / (1UL << 53) < share.Percent;
        }
        return ByChance(share, random);
    }

    /// <summary>By chance for every call.</summary>
    public static bool ByChance(ShareConfig share, Random random)
    {
        double drawn;
        lock (random) drawn = random.NextDouble();
        return drawn * 100 < share.Percent;
    }
}
