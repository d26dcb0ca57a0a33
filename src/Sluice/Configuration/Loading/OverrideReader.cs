using Sluice.Configuration.Schema;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Loading;

/// <summary>Lays <c>SLUICE__a__b</c> variables and command line values over the files.</summary>
internal sealed class OverrideReader(FaultList faults)
{
    private const string Prefix = "SLUICE__";

    internal ConfigNode Apply(ConfigNode root, ConfigurationSource source, IEnvironment environment)
    {
        foreach (var name in environment.Variables.Keys.Where(name => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal))
            root = Apply(root, name[Prefix.Length..].Split("__"), environment.Variables[name], new ConfigurationOrigin(ConfigurationOriginKind.Environment, name));
        foreach (var value in source.Overrides)
            root = Apply(root, value.Path, value.Value, new ConfigurationOrigin(ConfigurationOriginKind.CommandLine, value.Flag));
        return root;
    }

    private ConfigNode Apply(ConfigNode root, IReadOnlyList<string> path, string text, ConfigurationOrigin origin)
    {
        if (path.Count == 0 || path.Any(string.IsNullOrEmpty))
        {
            faults.Add(origin, "", "names no key", "write the key's parts with two underscores between: SLUICE__server__listen");
            return root;
        }

        var value = ReadValue(text, origin);
        if (value is null) return root;
        var keys = Resolve(root, path, origin);
        if (keys is null) return root;
        for (var i = keys.Count - 1; i >= 0; i--) value = new MapNode(origin, [new MapEntry(keys[i], origin, value)]);
        return NodeMerge.Over(root, value, RootSchema.Root);
    }

    // Lists and maps are written as in YAML's short form; everything else is taken as it is, so that a key with a '#' in it stays whole.
    private ConfigNode? ReadValue(string text, ConfigurationOrigin origin) =>
        text.TrimStart() is ['[' or '{', ..] ? YamlReader.ReadValue(text, origin, faults) : new ScalarNode(origin, text) { Plain = true, Substituted = true };

    private List<string>? Resolve(ConfigNode root, IReadOnlyList<string> path, ConfigurationOrigin origin)
    {
        var keys = new List<string>(path.Count);
        ConfigNode? node = root;
        ConfigType? type = RootSchema.Root;
        foreach (var segment in path)
        {
            if (node is ListNode || type is ListType)
            {
                faults.Add(origin, string.Join('.', keys), $"{string.Join('.', keys)} is a list, which is replaced whole", "give the whole list: [a, b]");
                return null;
            }

            var known = type is ObjectType keyed ? keyed.Keys.Select(key => key.Name) : node is MapNode map ? map.Entries.Select(entry => entry.Key) : [];
            var key = known.FirstOrDefault(name => Same(name, segment)) ?? segment;
            keys.Add(key);
            node = (node as MapNode)?[key];
            type = NodeMerge.TypeOf(type, key);
        }

        return keys;
    }

    // A variable's name holds no '-' and '.', and is often written in capitals.
    private static bool Same(string name, string segment)
    {
        if (name.Length != segment.Length) return false;
        for (var i = 0; i < name.Length; i++)
        {
            var a = char.IsAsciiLetterOrDigit(name[i]) ? char.ToLowerInvariant(name[i]) : '_';
            var b = char.IsAsciiLetterOrDigit(segment[i]) ? char.ToLowerInvariant(segment[i]) : '_';
            if (a != b) return false;
        }

        return true;
    }
}
