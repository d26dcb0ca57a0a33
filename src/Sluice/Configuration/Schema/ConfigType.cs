using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Schema;

/// <summary>What is wrong with a value and what would be right.</summary>
internal readonly record struct Problem(string What, string Remedy);

/// <summary>What kind of value a key takes. The validator, the JSON Schema and the documentation all read it from here.</summary>
internal abstract class ConfigType
{
    /// <summary>A short name for the documentation, e.g. <c>duration</c>.</summary>
    internal abstract string Name { get; }

    /// <summary>What a user should write, e.g. <c>a time with its unit such as 30s</c>.</summary>
    internal abstract string Expected { get; }
}

/// <summary>A type of single values.</summary>
internal abstract class ScalarType : ConfigType
{
    /// <summary>Whether the value must never be shown.</summary>
    internal virtual bool IsSecret => false;

    /// <summary>Judges the text of a value; null where it is right.</summary>
    internal abstract Problem? Check(string text);

    /// <summary>Judges a value. By default its text, whether it was written with quotes or not.</summary>
    internal virtual Problem? Check(ScalarNode node) => Check(node.Text);

    private protected Problem Wrong(string text) => new($"{Quote(text)} is not {Name.WithArticle()}", "write " + Expected);

    private protected static string Quote(string text) => Shown.Quote(text);
}

/// <summary>A list of values of one type.</summary>
internal sealed class ListType(ConfigType item) : ConfigType
{
    internal ConfigType Item { get; } = item;

    internal bool NotEmpty { get; init; }

    internal override string Name => $"list of {Item.Name}";

    internal override string Expected => Item is ScalarType ? "a list: [a, b]" : "a list, each item after '- '";
}

/// <summary>Names that the user chooses, each with a value of one type.</summary>
internal sealed class MapType(ConfigType value) : ConfigType
{
    internal ConfigType Value { get; } = value;

    /// <summary>What a chosen name must be.</summary>
    internal ScalarType? KeyType { get; init; }

    /// <summary>What the name stands for in the documentation, e.g. <c>NAME</c>.</summary>
    internal string Placeholder { get; init; } = "NAME";

    internal override string Name => $"map of {Value.Name}";

    internal override string Expected => "keys below it, each with its value";
}

/// <summary>Either a single value as a shorthand, or keys.</summary>
internal sealed class EitherType(ScalarType shorthand, ConfigType full) : ConfigType
{
    internal ScalarType Shorthand { get; } = shorthand;

    internal ConfigType Full { get; } = full;

    internal override string Name => $"{Shorthand.Name} or {Full.Name}";

    internal override string Expected => $"{Shorthand.Expected}, or {Full.Expected}";
}

/// <summary>Any value: it goes to a provider as it is.</summary>
internal sealed class FreeType : ConfigType
{
    internal static readonly FreeType Instance = new();

    internal override string Name => "any value";

    internal override string Expected => "any value";
}
