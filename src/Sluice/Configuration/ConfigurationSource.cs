namespace Sluice.Configuration;

/// <summary>What to load. With nothing set: SLUICE_CONFIG, <c>./sluice.yaml</c>, <c>./config/llms/</c>, then the well-known variables.</summary>
public sealed record ConfigurationSource
{
    /// <summary>The file, or a directory of files, of <c>--config</c>.</summary>
    public string? File { get; init; }

    /// <summary>The directory of <c>--config-dir</c>, in place of <c>./config/llms</c>.</summary>
    public string? Directory { get; init; }

    /// <summary>The profile of <c>--profile</c>, merged over the base: <c>NAME.yaml</c> beside it.</summary>
    public string? Profile { get; init; }

    /// <summary>Values from the command line; they win over everything.</summary>
    public IReadOnlyList<ConfigurationOverride> Overrides { get; init; } = [];
}

/// <summary>A value from the command line.</summary>
/// <param name="Path">The key as segments, e.g. <c>["server", "listen"]</c>.</param>
/// <param name="Value">The value as YAML, e.g. <c>30s</c> or <c>[a, b]</c>.</param>
/// <param name="Flag">The flag as the user typed it, for messages.</param>
public sealed record ConfigurationOverride(IReadOnlyList<string> Path, string Value, string Flag);
