using System.Globalization;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Importing;

/// <summary>Takes keys out of a foreign map and knows in the end which nobody took.</summary>
internal sealed class LiteLlmReader(MapNode? map, string path, List<ImportNote> notes)
{
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    internal ConfigurationOrigin Origin => map?.Origin ?? ConfigurationOrigin.BuiltIn;

    internal ConfigNode? Node(string key)
    {
        taken.Add(key);
        return map?[key] is { } node and not ScalarNode { IsNull: true } ? node : null;
    }

    /// <summary>A text, with <c>os.environ/NAME</c> written as a variable.</summary>
    internal string? Text(string key) => Node(key) is ScalarNode scalar ? Value(scalar.Text) : null;

    internal static string Value(string text) => text.StartsWith("os.environ/", StringComparison.Ordinal)
        ? "${" + text["os.environ/".Length..] + "}"
        : text.Replace("${", "$${", StringComparison.Ordinal);

    internal decimal? Number(string key)
    {
        if (Node(key) is not ScalarNode scalar) return null;
        if (decimal.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return value;
        Note(key, "is not a number; left out");
        return null;
    }

    internal bool? Bool(string key) => Node(key) is ScalarNode scalar ? Schema.BoolType.TryParse(scalar.Text, out var value) ? value : null : null;

    /// <summary>A time, which LiteLLM counts in seconds.</summary>
    internal string? Seconds(string key) => Number(key) is { } seconds and > 0 ? Schema.Quantities.Format(TimeSpan.FromSeconds((double)seconds)) : null;

    internal LiteLlmReader Map(string key) => new(Node(key) as MapNode, Join(key), notes);

    internal IReadOnlyList<ConfigNode> Items(string key) => (Node(key) as ListNode)?.Items ?? [];

    internal void Note(string key, string what) => notes.Add(new ImportNote(map?[key]?.Origin ?? Origin, Join(key), what));

    /// <summary>Marks keys as known to need nothing.</summary>
    internal void Skip(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys) taken.Add(key);
    }

    internal void NoteWhere(string key, string what)
    {
        if (Node(key) is not null) Note(key, what);
    }

    /// <summary>Reports every key that nobody took.</summary>
    internal void NoteRest()
    {
        foreach (var entry in map?.Entries ?? [])
        {
            if (!taken.Contains(entry.Key)) notes.Add(new ImportNote(entry.Origin, Join(entry.Key), "has no counterpart; left out"));
        }
    }

    private string Join(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
