using System.Globalization;

namespace Sluice.Configuration;

/// <summary>Where a value came from.</summary>
/// <param name="Kind">The kind of place.</param>
/// <param name="Name">The file, the variable or the flag.</param>
/// <param name="Line">The line, from 1; 0 where there is none.</param>
/// <param name="Column">The column, from 1; 0 where there is none.</param>
public sealed record ConfigurationOrigin(ConfigurationOriginKind Kind, string Name, int Line = 0, int Column = 0)
{
    /// <summary>A built-in default.</summary>
    public static ConfigurationOrigin BuiltIn { get; } = new(ConfigurationOriginKind.Default, "default");

    /// <summary><c>file:line:column</c>, <c>environment NAME</c>, <c>command line --flag</c> or <c>default</c>.</summary>
    public override string ToString() => Kind switch
    {
        ConfigurationOriginKind.File when Line > 0 => string.Create(CultureInfo.InvariantCulture, $"{Name}:{Line}:{Column}"),
        ConfigurationOriginKind.Environment => $"environment {Name}",
        ConfigurationOriginKind.CommandLine => $"command line {Name}",
        _ => Name,
    };
}

/// <summary>The kinds of places that a value comes from, the weakest first.</summary>
public enum ConfigurationOriginKind
{
    /// <summary>Built in.</summary>
    Default,

    /// <summary>A file.</summary>
    File,

    /// <summary>An environment variable.</summary>
    Environment,

    /// <summary>The command line.</summary>
    CommandLine,
}
