namespace Sluice.Configuration.Yaml;

/// <summary>A piece of a configuration file that knows where it came from. Never changed after it was read.</summary>
internal abstract class ConfigNode(ConfigurationOrigin origin)
{
    internal ConfigurationOrigin Origin { get; } = origin;

    /// <summary>How many nodes it stands for, aliases expanded: what bounds a file that refers to itself again and again.</summary>
    internal abstract long Size { get; }

    /// <summary>What it is called in a message.</summary>
    internal abstract string Kind { get; }
}

/// <summary>A single value.</summary>
internal sealed class ScalarNode(ConfigurationOrigin origin, string text) : ConfigNode(origin)
{
    internal string Text { get; } = text;

    /// <summary>Whether it was written without quotes, so that <c>5</c> is a number and <c>true</c> a truth value.</summary>
    internal bool Plain { get; init; }

    /// <summary>Whether variables were put in, or the whole came from outside a file: then its text may be a secret, and it may have any type.</summary>
    internal bool Substituted { get; init; }

    /// <summary>The variables it was made of, in order.</summary>
    internal IReadOnlyList<string> Variables { get; init; } = [];

    /// <summary>Whether a variable was missing. The fault is reported once; nobody looks at the text.</summary>
    internal bool Broken { get; init; }

    internal bool IsNull => Plain && !Substituted && Text is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>Whether it became empty because a variable was, as in <c>${NAME:-}</c>: then the key counts as not written.</summary>
    internal bool IsAbsent => Substituted && !Broken && Text.Length == 0;

    internal override long Size => 1;

    internal override string Kind => IsNull ? "nothing" : "a single value";
}

/// <summary>A list.</summary>
internal sealed class ListNode(ConfigurationOrigin origin, IReadOnlyList<ConfigNode> items) : ConfigNode(origin)
{
    internal IReadOnlyList<ConfigNode> Items { get; } = items;

    internal override long Size { get; } = 1 + items.Sum(item => item.Size);

    internal override string Kind => "a list";
}

/// <summary>A key with its value.</summary>
internal readonly record struct MapEntry(string Key, ConfigurationOrigin Origin, ConfigNode Value);

/// <summary>Keys with values, in the order written.</summary>
internal sealed class MapNode : ConfigNode
{
    private readonly Dictionary<string, int> index;

    internal MapNode(ConfigurationOrigin origin, IReadOnlyList<MapEntry> entries) : base(origin)
    {
        Entries = entries;
        index = new Dictionary<string, int>(entries.Count, StringComparer.Ordinal);
        for (var i = 0; i < entries.Count; i++) index.TryAdd(entries[i].Key, i);
        Size = 1 + entries.Sum(entry => entry.Value.Size);
    }

    internal IReadOnlyList<MapEntry> Entries { get; }

    internal override long Size { get; }

    internal override string Kind => "a map of keys";

    internal ConfigNode? this[string key] => index.TryGetValue(key, out var i) ? Entries[i].Value : null;

    internal MapEntry? Find(string key) => index.TryGetValue(key, out var i) ? Entries[i] : null;
}
