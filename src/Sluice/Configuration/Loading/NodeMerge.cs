using Sluice.Configuration.Schema;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Loading;

/// <summary>Lays one layer over another: maps key by key, everything else whole.</summary>
internal static class NodeMerge
{
    internal static ConfigNode Over(ConfigNode below, ConfigNode above, ConfigType? type)
    {
        // A key with nothing after it, all its children commented out, leaves what is below as it was.
        if (above is ScalarNode { IsNull: true } && below is MapNode or ListNode) return below;
        if (below is not MapNode lower || above is not MapNode upper) return above;
        type = type is EitherType either ? either.Full : type;
        var replaced = type is ObjectType { Exclusive: var groups } ? groups.Where(group => group.Any(key => upper[key] is not null)).SelectMany(group => group).ToHashSet(StringComparer.Ordinal) : [];
        var entries = new List<MapEntry>(lower.Entries.Count + upper.Entries.Count);
        foreach (var entry in lower.Entries)
        {
            if (upper.Find(entry.Key) is { } own) entries.Add(own with { Value = Over(entry.Value, own.Value, TypeOf(type, entry.Key)) });
            else if (!replaced.Contains(entry.Key)) entries.Add(entry);
        }

        entries.AddRange(upper.Entries.Where(entry => lower[entry.Key] is null));
        return new MapNode(upper.Origin, entries);
    }

    internal static ConfigType? TypeOf(ConfigType? type, string key) => type switch
    {
        ObjectType keys => keys.Find(key)?.Type,
        MapType map => map.Value,
        EitherType either => TypeOf(either.Full, key),
        _ => null,
    };
}
