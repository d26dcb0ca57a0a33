namespace Sluice.Configuration;

/// <summary>What a load gave: a configuration, or every fault that stands in its way.</summary>
public sealed record ConfigurationResult
{
    /// <summary>The configuration; null where there are faults.</summary>
    public SluiceConfig? Config { get; init; }

    /// <summary>Everything that is wrong, in the order of the files. Never holds a secret.</summary>
    public IReadOnlyList<ConfigurationFault> Faults { get; init; } = [];

    /// <summary>What works but should be looked at.</summary>
    public IReadOnlyList<ConfigurationWarning> Warnings { get; init; } = [];

    /// <summary>The files that were read, the lowest layer first; empty without a configuration file.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Files that the configuration names and whose change means a reload (<c>api_key_file</c>).</summary>
    public IReadOnlyList<string> SecretFiles { get; init; } = [];

    /// <summary>The merged keys with the place of each.</summary>
    internal Yaml.MapNode? Tree { get; init; }

    /// <summary>Values that nobody wrote but that were found in a variable, by path.</summary>
    internal IReadOnlyDictionary<string, ConfigurationOrigin> Implied { get; init; } = Empty<ConfigurationOrigin>.Map;

    /// <summary>Whether the configuration can be used.</summary>
    public bool IsValid => Faults.Count == 0;
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Origin">Where it stands.</param>
/// <param name="Path">The key, e.g. <c>providers.openai.limits.rpm</c>; empty for a whole file.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Remedy">What would be right.</param>
public sealed record ConfigurationFault(ConfigurationOrigin Origin, string Path, string What, string Remedy)
{
    /// <summary><c>file:line:column: what; what would be right</c>.</summary>
    public override string ToString() => $"{Origin}: {What}; {Remedy}";
}

/// <summary>One thing that works but should be looked at.</summary>
/// <param name="Origin">Where it stands.</param>
/// <param name="Path">The key.</param>
/// <param name="What">What it is.</param>
public sealed record ConfigurationWarning(ConfigurationOrigin Origin, string Path, string What)
{
    /// <summary><c>file:line:column: warning: what</c>.</summary>
    public override string ToString() => $"{Origin}: warning: {What}";
}
