using System.Text.Json;
using Sluice.Configuration.Binding;
using Sluice.Configuration.Schema;
using Sluice.Configuration.Validation;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Rendering;

/// <summary>
/// The merged configuration as it may be shown: secrets masked, built-in defaults of the top-level sections filled in, and what a variable
/// gave without being asked for (OPENAI_API_KEY) put where it acts.
/// </summary>
internal sealed class ShownConfiguration
{
    private readonly IReadOnlyDictionary<string, ConfigurationOrigin> implied;

    private ShownConfiguration(IReadOnlyDictionary<string, ConfigurationOrigin> implied) => this.implied = implied;

    /// <summary>As YAML. With origins each value is followed by its file and line, variable or flag.</summary>
    internal static string ToYaml(ConfigurationResult result, bool origins) => YamlText.Write(Build(result), origins ? node => node.Origin.ToString() : null);

    /// <summary>As JSON. With origins an array of <c>{"path", "value", "origin"}</c>, else the configuration itself.</summary>
    internal static string ToJson(ConfigurationResult result, bool origins)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            var root = Build(result);
            if (origins)
            {
                writer.WriteStartArray();
                WriteValues(root, "", writer);
                writer.WriteEndArray();
            }
            else
            {
                JsonValues.Write(root, writer);
            }
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    private static MapNode Build(ConfigurationResult result)
    {
        var tree = result.Tree ?? new MapNode(ConfigurationOrigin.BuiltIn, []);
        return (MapNode)new ShownConfiguration(result.Implied).Show(tree, RootSchema.Root, "", withDefaults: true);
    }

    private static void WriteValues(ConfigNode node, string path, Utf8JsonWriter writer)
    {
        if (node is MapNode { Entries.Count: > 0 } map)
        {
            foreach (var entry in map.Entries) WriteValues(entry.Value, StructureValidator.Join(path, entry.Key), writer);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("path", path);
        writer.WritePropertyName("value");
        JsonValues.Write(node, writer);
        writer.WriteString("origin", node.Origin.ToString());
        writer.WriteEndObject();
    }

    private ConfigNode Show(ConfigNode node, ConfigType? type, string path, bool withDefaults)
    {
        switch (node)
        {
            case ScalarNode { IsNull: true } empty when type is ObjectType or MapType:
                return Show(new MapNode(empty.Origin, []), type, path, withDefaults);
            case MapNode map:
                return ShowMap(map, type is EitherType either ? either.Full : type, path, withDefaults);
            case ListNode list:
                return new ListNode(list.Origin, [.. list.Items.Select(item => Show(item, (type as ListType)?.Item, path, withDefaults: false))]);
            default:
                return Masking.Mask((ScalarNode)node, type, path);
        }
    }

    private MapNode ShowMap(MapNode map, ConfigType? type, string path, bool withDefaults)
    {
        var entries = new List<MapEntry>();
        foreach (var entry in map.Entries)
        {
            if (path.Length == 0 && entry.Key == "extends") continue;
            if (entry.Value is ScalarNode { IsAbsent: true }) continue;
            // Below providers and models only what was written is shown: the rest is inherited and would repeat 'defaults' a hundred times.
            var inner = Loading.NodeMerge.TypeOf(type, entry.Key);
            entries.Add(entry with { Value = Show(entry.Value, inner, StructureValidator.Join(path, entry.Key), withDefaults && inner is ObjectType) });
        }

        if (type is not ObjectType keys) return new MapNode(map.Origin, entries);
        foreach (var key in keys.Keys)
        {
            if (map[key.Name] is not null) continue;
            var at = StructureValidator.Join(path, key.Name);
            if (implied.TryGetValue(at, out var origin)) entries.Add(new MapEntry(key.Name, origin, new ScalarNode(origin, Secret.Mask)));
            else if (withDefaults && DefaultOf(map, keys, key, at) is { } node) entries.Add(new MapEntry(key.Name, node.Origin, node));
        }

        var order = keys.Keys.Select((key, i) => (key.Name, i)).ToDictionary(pair => pair.Name, pair => pair.i, StringComparer.Ordinal);
        return new MapNode(map.Origin, [.. entries.OrderBy(entry => order.GetValueOrDefault(entry.Key, int.MaxValue))]);
    }

    private ConfigNode? DefaultOf(MapNode map, ObjectType keys, ConfigKey key, string path)
    {
        if (keys.Exclusive.Any(group => group.Contains(key.Name) && group.Any(other => map[other] is not null))) return null;
        if (key.Default is { } text) return YamlReader.ReadValue(text, ConfigurationOrigin.BuiltIn, new FaultList());
        // Sections that act without being written are shown; those that only act when written (https, the response cache) are not.
        return key.Type is ObjectType { Keys: var inner } type && inner.Any(k => k.Default is not null) && !ActsOnlyWhenWritten(path)
            ? ShowMap(new MapNode(ConfigurationOrigin.BuiltIn, []), type, path, withDefaults: true) is { Entries.Count: > 0 } shown ? shown : null
            : null;
    }

    private static bool ActsOnlyWhenWritten(string path) => path is "cache.responses" or "budgets" or "defaults.limits" or "server.https";
}
