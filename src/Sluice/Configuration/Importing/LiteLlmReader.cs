using System.Globalization;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Importing;

/// <summary>Takes keys out of a foreign map and knows in the end which nobody took.</summary>
internal sealed class LiteLlmReader(MapNode? map, string path, List<ImportNote> notes, ConfigurationOrigin? place = null)
{
    private const string Variable = "os.environ/";
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    internal ConfigurationOrigin Origin => map?.Origin ?? place ?? ConfigurationOrigin.BuiltIn;

    internal ConfigNode? Node(string key)
    {
        taken.Add(key);
        return map?[key] is { } node and not ScalarNode { IsNull: true } ? node : null;
    }

    /// <summary>Whether the key is written with a value.</summary>
    internal bool Has(string key) => map?[key] is not null and not ScalarNode { IsNull: true };

    /// <summary>A text, with <c>os.environ/NAME</c> written as a variable; null where it is empty or no variable can have the name.</summary>
    internal string? Text(string key)
    {
        if (Node(key) is not ScalarNode { Text.Length: > 0 } scalar) return null;
        if (Value(scalar.Text) is { } value) return value;
        Note(key, "names no variable that Sluice could read; left out");
        return null;
    }

    /// <summary>A text whose variable is filled in now, as a name cannot hold one; null with a note where it is not set here.</summary>
    internal string? Name(string key, IEnvironment environment)
    {
        if (Node(key) is not ScalarNode { Text.Length: > 0 } scalar) return null;
        var text = scalar.Text.Trim();
        if (!text.StartsWith(Variable, StringComparison.Ordinal)) return text;
        var variable = text[Variable.Length..].Trim();
        if (environment.GetVariable(variable) is { Length: > 0 } value)
        {
            Note(key, $"is the value of {variable} as it is set here: '{value}'");
            return value;
        }

        Note(key, $"is the variable {variable}, which is not set here, and a name cannot be one: set it for the import; the entry is left out");
        return null;
    }

    /// <summary>The text as Sluice writes it; null for a variable with a name that none can have.</summary>
    internal static string? Value(string text)
    {
        if (!text.StartsWith(Variable, StringComparison.Ordinal)) return text.Replace("${", "$${", StringComparison.Ordinal);
        var name = text[Variable.Length..].Trim();
        return name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '_') ? "${" + name + "}" : null;
    }

    /// <summary>The same keys with those of another map where they are not written here.</summary>
    internal LiteLlmReader Over(MapNode below) =>
        new(new MapNode(Origin, [.. (map?.Entries ?? []).Where(entry => Has(entry.Key)), .. below.Entries.Where(entry => !Has(entry.Key))]), path, notes);

    internal decimal? Number(string key)
    {
        if (Node(key) is not ScalarNode scalar) return null;
        if (decimal.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return value;
        Note(key, scalar.Text.StartsWith(Variable, StringComparison.Ordinal) ? "is a variable where Sluice wants the number itself; left out" : "is not a number; left out");
        return null;
    }

    internal bool? Bool(string key) => Node(key) is ScalarNode scalar ? Schema.BoolType.TryParse(scalar.Text, out var value) ? value : null : null;

    /// <summary>A time, which LiteLLM counts in seconds, at most a year.</summary>
    internal string? Seconds(string key, double most = 31_536_000) => Number(key) is { } seconds and >= 0.001m ? Schema.Quantities.Format(TimeSpan.FromSeconds(Math.Min((double)seconds, most))) : null;

    internal LiteLlmReader Map(string key) => new(Node(key) as MapNode, Join(key), notes);

    internal IReadOnlyList<ConfigNode> Items(string key) => (Node(key) as ListNode)?.Items ?? [];

    internal void Note(string key, string what) => notes.Add(new ImportNote(map?[key]?.Origin ?? Origin, Join(key), what));

    /// <summary>Marks keys as known to need nothing.</summary>
    internal void Skip(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys) taken.Add(key);
    }

    /// <summary>The same for all keys of a kind.</summary>
    internal void SkipWhere(Func<string, bool> isKnown)
    {
        foreach (var entry in map?.Entries ?? [])
        {
            if (isKnown(entry.Key)) taken.Add(entry.Key);
        }
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
