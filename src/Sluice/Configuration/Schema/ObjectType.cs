namespace Sluice.Configuration.Schema;

/// <summary>One key: everything that is known of it.</summary>
internal sealed record ConfigKey(string Name, ConfigType Type, string Summary)
{
    /// <summary>The built-in value as a user would write it; null where there is none.</summary>
    internal string? Default { get; init; }

    /// <summary>A value as a user would write it, in one line of YAML.</summary>
    internal string? Example { get; init; }

    /// <summary>Whether it must be written.</summary>
    internal bool Required { get; init; }

    /// <summary>Whether, when absent, it comes from the level above: route or provider, then defaults.</summary>
    internal bool Inherited { get; init; }

    /// <summary>The only type of provider that reads it; null for all.</summary>
    internal string? OnlyFor { get; init; }
}

/// <summary>A fixed set of keys.</summary>
internal sealed class ObjectType : ConfigType
{
    private readonly Dictionary<string, ConfigKey> byName;

    internal ObjectType(string name, string summary, params ConfigKey[] keys)
    {
        Name = name;
        Summary = summary;
        Keys = keys;
        byName = keys.ToDictionary(key => key.Name, StringComparer.Ordinal);
    }

    internal override string Name { get; }

    internal override string Expected => "keys below it: " + string.Join(", ", Keys.Take(4).Select(key => key.Name)) + (Keys.Count > 4 ? " ..." : "");

    /// <summary>What the whole is for, in one or two sentences.</summary>
    internal string Summary { get; }

    internal IReadOnlyList<ConfigKey> Keys { get; }

    /// <summary>Groups of keys of which only one may be written. A profile that writes one of a group replaces another of the base.</summary>
    internal IReadOnlyList<IReadOnlyList<string>> Exclusive { get; init; } = [];

    /// <summary>Keys of which exactly one must be written.</summary>
    internal IReadOnlyList<string> OneOf { get; init; } = [];

    /// <summary>Keys of features that this version does not have, each with what is right instead: nothing is accepted that is not applied.</summary>
    internal IReadOnlyDictionary<string, string> Absent { get; init; } = Empty<string>.Map;

    /// <summary>A key that the program knows to be there.</summary>
    /// <exception cref="KeyNotFoundException">The schema has no such key: a mistake in this program, found by every test that loads.</exception>
    internal ConfigKey this[string key] => byName[key];

    internal ConfigKey? Find(string key) => byName.GetValueOrDefault(key);
}
