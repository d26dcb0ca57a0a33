using Sluice.Configuration;

namespace Sluice.Access;

/// <summary>The way from a group up to the root of its tree.</summary>
internal static class GroupChain
{
    /// <summary>The group and those above it, the nearest first; <see langword="null"/> where one is missing from the configuration.</summary>
    public static IReadOnlyList<KeyGroupConfig>? Of(string? group, IReadOnlyDictionary<string, KeyGroupConfig> groups)
    {
        if (group is null) return [];
        var chain = new List<KeyGroupConfig>();
        // The configuration has refused circles, and the bound makes sure.
        for (string? name = group; name is not null && chain.Count <= groups.Count; name = chain[^1].Parent)
        {
            if (!groups.TryGetValue(name, out var config)) return null;
            chain.Add(config);
        }
        return chain;
    }
}
