namespace Sluice.Configuration.Importing;

/// <summary>What became of another gateway's configuration.</summary>
/// <param name="Yaml">The same as a Sluice file; null where the text could not be read.</param>
/// <param name="Faults">Why it could not be read.</param>
/// <param name="Notes">What was not taken over, or taken over with a change of meaning, each with its place.</param>
internal sealed record ImportResult(string? Yaml, IReadOnlyList<ConfigurationFault> Faults, IReadOnlyList<ImportNote> Notes)
{
    /// <summary>The variables that the result asks for.</summary>
    internal IReadOnlyList<string> Variables { get; init; } = [];

    /// <summary>What keeps the result from being a valid configuration, as a start would say it; empty where it is one.</summary>
    internal IReadOnlyList<ConfigurationFault> Remaining { get; init; } = [];
}

/// <summary>Something that was not taken over as it was.</summary>
/// <param name="Origin">Where it stands.</param>
/// <param name="Key">The key in the foreign file.</param>
/// <param name="What">What became of it, and what to do.</param>
internal sealed record ImportNote(ConfigurationOrigin Origin, string Key, string What)
{
    /// <summary><c>file:line:column: key: what</c>.</summary>
    public override string ToString() => $"{Origin}: {Key}: {What}";
}
