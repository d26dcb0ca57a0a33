using System.Globalization;
using System.Text.Json;
using Sluice.Configuration.Schema;
using Sluice.Configuration.Validation;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Binding;

/// <summary>
/// Gives the values of one set of keys. Whatever the validator has found wrong reads as not written, so that binding goes on and
/// the checks between keys still run.
/// </summary>
internal readonly struct ObjectReader(ObjectType type, ConfigNode? node, string path, BindingContext context)
{
    private readonly MapNode? map = node as MapNode;

    internal string Path { get; } = path;

    internal BindingContext Context { get; } = context;

    internal ConfigurationOrigin Origin => map?.Origin ?? ConfigurationOrigin.BuiltIn;

    /// <summary>Whether the whole was written at all.</summary>
    internal bool IsWritten { get; } = node is not null;

    /// <summary>The node of a key that was written; null where it was not, or is not right.</summary>
    internal ConfigNode? Node(string key)
    {
        _ = type[key];
        Context.OnRead?.Invoke(type, key);
        return map?[key] is { } value and not ScalarNode { Broken: true } and not ScalarNode { IsAbsent: true } ? value : null;
    }

    /// <summary>Whether the key stands there, rightly or wrongly.</summary>
    internal bool IsKeyWritten(string key) => map?[type[key].Name] is not null and not ScalarNode { IsAbsent: true } and not ScalarNode { IsNull: true };

    internal ConfigurationOrigin OriginOf(string key) => map?[key]?.Origin ?? Origin;

    internal string PathOf(string key) => StructureValidator.Join(Path, key);

    internal string? Text(string key) => Scalar(Node(key), type[key].Type);

    /// <summary>A path, absolute: a relative one starts at the file that it stands in.</summary>
    internal string? File(string key) => Text(key) is { } text ? Context.FullPath(text, OriginOf(key)) : null;

    internal Secret? Secret(string key) => Text(key) is { } text ? new Secret(text) : null;

    internal bool? Bool(string key) => Text(key) is { } text && BoolType.TryParse(text, out var value) ? value : null;

    internal long? Long(string key) => Text(key) is { } text ? long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : null;

    internal int? Int(string key) => (int?)Long(key);

    internal decimal? Decimal(string key) => Text(key) is { } text ? decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : null;

    internal double? Double(string key) => (double?)Decimal(key);

    internal TimeSpan? Duration(string key) => Text(key) is { } text && Quantities.TryParseDuration(text, out var value) ? value : null;

    internal long? Size(string key) => Text(key) is { } text && Quantities.TryParseSize(text, out var value) ? value : null;

    internal Uri? Url(string key) => Text(key) is { } text ? new Uri(text, UriKind.Absolute) : null;

    internal ListenAddress? Listen(string key) => Text(key) is { } text && ListenAddress.TryParse(text, out var value) ? value : null;

    internal T? Enum<T>(string key)
        where T : struct, System.Enum => Text(key) is { } text ? EnumNames<T>.Parse(text) : null;

    /// <summary>The reader of a set of keys; it reads as empty where nothing was written.</summary>
    internal ObjectReader Object(string key) => new((ObjectType)type[key].Type, Node(key), PathOf(key), Context);

    /// <summary>The items of a list; null where none was written.</summary>
    internal IReadOnlyList<ConfigNode>? Items(string key) => (Node(key) as ListNode)?.Items;

    /// <summary>The texts of a list; null where none was written.</summary>
    internal IReadOnlyList<string>? Texts(string key)
    {
        var item = ((ListType)type[key].Type).Item;
        return Items(key) is { } items ? [.. items.Select(value => Scalar(value, item)).OfType<string>()] : null;
    }

    /// <summary>The paths of a list, absolute; null where none was written.</summary>
    internal IReadOnlyList<string>? Files(string key)
    {
        var (context, item) = (Context, ((ListType)type[key].Type).Item);
        return Items(key) is { } items ? [.. items.Select(node => (node.Origin, Text: Scalar(node, item))).Where(file => file.Text is not null).Select(file => context.FullPath(file.Text!, file.Origin))] : null;
    }

    /// <summary>The entries of a map that the user named; empty where none was written.</summary>
    internal IReadOnlyList<MapEntry> Entries(string key) => (Node(key) as MapNode)?.Entries ?? [];

    internal IReadOnlyDictionary<string, string>? TextMap(string key, StringComparer? comparer = null)
    {
        var value = ((MapType)type[key].Type).Value;
        var entries = Entries(key);
        if (entries.Count == 0) return null;
        var result = new OrderedDictionary<string, string>(entries.Count, comparer ?? StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (Scalar(entry.Value, value) is { } text) result[entry.Key] = text;
        }

        return result;
    }

    /// <summary>A map of free values laid over what is inherited.</summary>
    internal IReadOnlyDictionary<string, JsonElement> FreeMap(string key, IReadOnlyDictionary<string, JsonElement> inherited)
    {
        var entries = Entries(key);
        if (entries.Count == 0) return inherited;
        var result = new OrderedDictionary<string, JsonElement>(inherited, StringComparer.Ordinal);
        foreach (var entry in entries) result[entry.Key] = JsonValues.ToJson(entry.Value);
        return result;
    }

    /// <summary>A value's text; null where it is not right.</summary>
    internal static string? Scalar(ConfigNode? node, ConfigType type)
    {
        var scalarType = type as ScalarType ?? (type as EitherType)?.Shorthand;
        return node is ScalarNode { Broken: false, IsNull: false, IsAbsent: false } scalar && scalarType?.Check(scalar) is null ? scalar.Text : null;
    }
}
