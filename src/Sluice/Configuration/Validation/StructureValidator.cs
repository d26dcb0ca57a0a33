using Sluice.Configuration.Schema;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Validation;

/// <summary>Holds the nodes against the schema: unknown keys, types, ranges, required and exclusive keys.</summary>
internal sealed class StructureValidator(FaultList faults)
{
    internal void Validate(ConfigNode node, ConfigType type, string path)
    {
        switch (type)
        {
            case FreeType:
                return;
            case ScalarType scalar:
                CheckScalar(node, scalar, scalar, path);
                return;
            case EitherType either:
                if (node is ScalarNode && !IsEmptyObject(node, either.Full)) CheckScalar(node, either.Shorthand, either, path);
                else Validate(node, either.Full, path);
                return;
            case ListType list:
                CheckList(node, list, path);
                return;
            case MapType map:
                CheckMap(node, map, path);
                return;
            case ObjectType keys:
                CheckObject(node, keys, path);
                return;
            default:
                throw new InvalidOperationException($"The schema has a type that nobody checks: {type.GetType().Name}.");
        }
    }

    /// <summary>Whether the node is a key with nothing after it, which for a set of keys means: none written.</summary>
    private static bool IsEmptyObject(ConfigNode node, ConfigType type) => node is ScalarNode { IsNull: true } && type is ObjectType or MapType;

    private void CheckScalar(ConfigNode node, ScalarType type, ConfigType expected, string path)
    {
        if (node is not ScalarNode scalar)
        {
            faults.Add(node.Origin, path, $"{Last(path)} is {node.Kind}", "write " + expected.Expected);
            return;
        }

        if (scalar.Broken || scalar.IsAbsent) return;
        if (scalar.IsNull)
        {
            faults.Add(node.Origin, path, $"{Last(path)} has no value", $"write {expected.Expected}, or take the key out");
            return;
        }

        if (type.Check(scalar) is not { } problem) return;
        var what = scalar.Substituted ? Unquoted(problem.What, scalar) : problem.What;
        faults.Add(node.Origin, path, $"{Last(path)}: {what}", problem.Remedy);
    }

    // What came from a variable may be a secret in the wrong place: only the variable is named.
    private static string Unquoted(string what, ScalarNode scalar)
    {
        var source = scalar.Variables.Count > 0 ? "the value of " + string.Join(" and ", scalar.Variables) : "the value";
        return what.Replace($"'{scalar.Text}'", source, StringComparison.Ordinal).Replace(scalar.Text + " is", source + " is", StringComparison.Ordinal);
    }

    private void CheckList(ConfigNode node, ListType type, string path)
    {
        // All its items commented out: nothing is written.
        if (IsUnset(node) || (!type.NotEmpty && node is ScalarNode { IsNull: true })) return;
        if (node is not ListNode list)
        {
            faults.Add(node.Origin, path, $"{Last(path)} is {node.Kind}", "write " + type.Expected);
            return;
        }

        if (type.NotEmpty && list.Items.Count == 0) faults.Add(node.Origin, path, $"{Last(path)} is an empty list", "write at least one");
        for (var i = 0; i < list.Items.Count; i++) Validate(list.Items[i], type.Item, $"{path}[{i}]");
    }

    private void CheckMap(ConfigNode node, MapType type, string path)
    {
        if (IsUnset(node) || IsEmptyObject(node, type)) return;
        if (node is not MapNode map)
        {
            faults.Add(node.Origin, path, $"{Last(path)} is {node.Kind}", "write " + type.Expected);
            return;
        }

        foreach (var entry in map.Entries)
        {
            var at = Join(path, entry.Key);
            if (type.KeyType?.Check(entry.Key) is { } problem) faults.Add(entry.Origin, at, problem.What, problem.Remedy);
            Validate(entry.Value, type.Value, at);
        }
    }

    private void CheckObject(ConfigNode node, ObjectType type, string path)
    {
        if (IsUnset(node)) return;
        if (!IsEmptyObject(node, type) && node is not MapNode)
        {
            faults.Add(node.Origin, path, $"{Last(path)} is {node.Kind}", "write " + type.Expected);
            return;
        }

        var map = node as MapNode ?? new MapNode(node.Origin, []);
        foreach (var entry in map.Entries)
        {
            var at = Join(path, entry.Key);
            if (type.Find(entry.Key) is { } key) Validate(entry.Value, key.Type, at);
            else ReportUnknown(entry, type, path, at);
        }

        foreach (var key in type.Keys.Where(key => key.Required && map[key.Name] is null))
            faults.Add(node.Origin, Join(path, key.Name), $"{Last(path)} has no '{key.Name}'", $"write '{key.Name}:' with {Expected(key.Type)}");
        foreach (var group in type.Exclusive)
        {
            var written = group.Where(key => map[key] is not null).ToList();
            if (written.Count > 1) faults.Add(map.Find(written[1])!.Value.Origin, Join(path, written[1]), $"{Last(path)} has {Words(written, "and")}", $"keep one of {Words(group, "and")}");
        }

        if (type.OneOf.Count == 0) return;
        var chosen = type.OneOf.Where(key => map[key] is not null).ToList();
        if (chosen.Count == 0) faults.Add(node.Origin, path, $"{Last(path)} does nothing", $"write one of {Words(type.OneOf, "or")}");
        else if (chosen.Count > 1) faults.Add(map.Find(chosen[1])!.Value.Origin, Join(path, chosen[1]), $"{Last(path)} has {Words(chosen, "and")}", "keep one; write a second entry for the other");
    }

    private void ReportUnknown(MapEntry entry, ObjectType type, string path, string at)
    {
        if (type.Absent.TryGetValue(entry.Key, out var instead))
        {
            faults.Add(entry.Origin, at, $"{at} belongs to a feature that this version does not have", instead);
            return;
        }

        var place = path.Length == 0 ? "at the top level" : $"in {Last(path)}";
        var known = type.Keys.Select(key => key.Name).ToList();
        var remedy = Nearest.Find(entry.Key, known) is { } nearest ? $"did you mean '{nearest}'?"
            : known.Count <= 16 ? $"known keys are {Words(known, "and")}"
            : $"the known keys are in docs/configuration.md, or in 'sluice config schema'";
        faults.Add(entry.Origin, at, $"unknown key {Shown.Quote(entry.Key)} {place}", remedy);
    }

    private static bool IsUnset(ConfigNode node) => node is ScalarNode { Broken: true } or ScalarNode { IsAbsent: true };

    private static string Expected(ConfigType type) => type.Expected;

    private static string Words(IReadOnlyList<string> words, string and) =>
        words.Count < 2 ? words[0] : string.Join(", ", words.Take(words.Count - 1)) + $" {and} " + words[^1];

    internal static string Join(string path, string key) => path.Length == 0 ? key : key.Contains('.') || key.Contains('[') ? $"{path}.\"{key}\"" : $"{path}.{key}";

    private static string Last(string path) => path.Length == 0 ? "the file" : path;
}
