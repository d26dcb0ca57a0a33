using Sluice.Configuration.Yaml;

namespace Sluice.Access.Administration;

/// <summary>JSON Merge Patch (RFC 7396): <c>null</c> takes a member out, objects are merged, everything else replaces.</summary>
internal static class MergePatch
{
    public static MapNode Apply(MapNode target, MapNode patch)
    {
        var entries = new List<MapEntry>();
        foreach (var entry in target.Entries)
        {
            if (patch.Find(entry.Key) is not { } change) entries.Add(entry);
            else if (!IsNull(change.Value)) entries.Add(entry with { Value = Merge(entry.Value, change.Value) });
        }
        foreach (var entry in patch.Entries)
        {
            if (target.Find(entry.Key) is null && !IsNull(entry.Value)) entries.Add(entry with { Value = Merge(new MapNode(entry.Origin, []), entry.Value) });
        }
        return new MapNode(target.Origin, entries);
    }

    private static ConfigNode Merge(ConfigNode target, ConfigNode patch) => patch is not MapNode map ? patch : Apply(target as MapNode ?? new MapNode(patch.Origin, []), map);

    private static bool IsNull(ConfigNode node) => node is ScalarNode { IsNull: true };
}
