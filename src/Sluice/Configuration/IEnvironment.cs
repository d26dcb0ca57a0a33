namespace Sluice.Configuration;

/// <summary>What the loader may know of its surroundings: variables and the working directory.</summary>
public interface IEnvironment
{
    /// <summary>All variables.</summary>
    IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>The directory that relative paths start from, absolute.</summary>
    string WorkingDirectory { get; }

    /// <summary>A variable's value; null where it is not set. An empty one counts as set.</summary>
    string? GetVariable(string name) => Variables.GetValueOrDefault(name);
}
