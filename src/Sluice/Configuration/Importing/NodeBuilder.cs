using System.Globalization;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Importing;

/// <summary>A map that is being written; keys keep their order.</summary>
internal sealed class NodeBuilder
{
    private readonly OrderedDictionary<string, ConfigNode> entries = new(StringComparer.Ordinal);

    internal bool IsEmpty => entries.Count == 0;

    internal static ScalarNode Text(string text) => new(ConfigurationOrigin.BuiltIn, text);

    internal static ScalarNode Plain(string text) => new(ConfigurationOrigin.BuiltIn, text) { Plain = true };

    internal static ListNode List(IEnumerable<ConfigNode> items) => new(ConfigurationOrigin.BuiltIn, [.. items]);

    internal NodeBuilder Set(string key, ConfigNode? value)
    {
        if (value is not null) entries[key] = value;
        return this;
    }

    internal NodeBuilder Set(string key, string? text) => Set(key, text is null ? null : Text(text));

    internal NodeBuilder SetPlain(string key, string? text) => Set(key, text is null ? null : Plain(text));

    internal NodeBuilder Set(string key, decimal? number) => SetPlain(key, number?.ToString("0.############", CultureInfo.InvariantCulture));

    internal NodeBuilder Set(string key, NodeBuilder inner) => inner.IsEmpty ? this : Set(key, inner.Build());

    internal MapNode Build() => new(ConfigurationOrigin.BuiltIn, [.. entries.Select(entry => new MapEntry(entry.Key, ConfigurationOrigin.BuiltIn, entry.Value))]);
}
