using System.Globalization;
using System.Text;
using Sluice.Configuration.Schema;

namespace Sluice.Configuration.Rendering;

/// <summary>Writes <c>docs/configuration.md</c>: every key with its type, default, meaning and an example.</summary>
internal sealed class ReferenceWriter
{
    private readonly StringBuilder output = new();
    private readonly List<(ObjectType Type, List<string> Places)> sections = [];

    internal static string Write()
    {
        var writer = new ReferenceWriter();
        writer.output.Append(ReferenceIntroduction.Text);
        writer.Visit(RootSchema.Root, "");
        foreach (var (type, places) in writer.sections) writer.WriteSection(type, places);
        return writer.output.ToString();
    }

    // Depth first, in the order of the file; a set of keys that stands in several places gets one section.
    private void Visit(ObjectType type, string path)
    {
        var known = sections.FindIndex(section => section.Type == type);
        if (known >= 0)
        {
            sections[known].Places.Add(path);
            return;
        }

        sections.Add((type, [path]));
        foreach (var key in type.Keys)
        {
            foreach (var (inner, suffix) in ObjectsOf(key.Type)) Visit(inner, (path.Length == 0 ? key.Name : $"{path}.{key.Name}") + suffix);
        }
    }

    private static IEnumerable<(ObjectType Type, string Suffix)> ObjectsOf(ConfigType type) => type switch
    {
        ObjectType keys => [(keys, "")],
        ListType list => ObjectsOf(list.Item).Select(inner => (inner.Type, "[]" + inner.Suffix)),
        MapType map => ObjectsOf(map.Value).Select(inner => (inner.Type, "." + map.Placeholder + inner.Suffix)),
        EitherType either => ObjectsOf(either.Full),
        _ => [],
    };

    private void WriteSection(ObjectType type, List<string> places)
    {
        var title = places[0].Length == 0 ? "Top level" : $"`{places[0]}`";
        output.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n{type.Summary}\n");
        if (places.Count > 1) output.Append(CultureInfo.InvariantCulture, $"\nThe same keys stand in {string.Join(", ", places.Skip(1).Select(place => $"`{place}`"))}.\n");
        foreach (var group in type.Exclusive) output.Append(CultureInfo.InvariantCulture, $"\nOnly one of {Words(group)} may be written.\n");
        if (type.OneOf.Count > 0) output.Append(CultureInfo.InvariantCulture, $"\nExactly one of {Words(type.OneOf)} must be written.\n");
        output.Append("\n| key | type | default | meaning | example |\n| --- | --- | --- | --- | --- |\n");
        foreach (var key in type.Keys)
        {
            var byDefault = key.Required ? "required" : key.Inherited ? key.Default is null ? "inherited" : $"inherited, else `{key.Default}`" : key.Default is null ? "" : $"`{key.Default}`";
            var example = key.Example is null ? "" : $"`{key.Name}: {key.Example.Replace("|", "\\|", StringComparison.Ordinal)}`";
            output.Append(CultureInfo.InvariantCulture, $"| `{key.Name}` | {TypeOf(key.Type)} | {byDefault} | {key.Summary} | {example} |\n");
        }
    }

    private static string TypeOf(ConfigType type) => type switch
    {
        ObjectType => "keys",
        MapType { Value: ScalarType value } => $"map of {value.Name}",
        MapType { Value: FreeType } => "map of any values",
        MapType => "map of names to keys",
        ListType { Item: ScalarType item } => $"list of {item.Name}",
        ListType => "list",
        EitherType either => $"{either.Shorthand.Name}, or keys",
        EnumType words when words.Values.Count > 8 => "word, see [types](#provider-types)",
        IntegerType { Max: < int.MaxValue } integer => string.Create(CultureInfo.InvariantCulture, $"whole number, {integer.Min} to {integer.Max}"),
        _ => type.Name,
    };

    private static string Words(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"`{word}`"));
}
