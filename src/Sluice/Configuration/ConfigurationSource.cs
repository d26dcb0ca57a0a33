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
