using System.Collections;

namespace Sluice.Configuration;

/// <summary>The environment of this process as it was when the object was made.</summary>
public sealed class ProcessEnvironment : IEnvironment
{
    /// <inheritdoc />
    public IReadOnlyDictionary<string, string> Variables { get; } = Read();

    /// <inheritdoc />
    public string WorkingDirectory { get; } = Directory.GetCurrentDirectory();

    private static Dictionary<string, string> Read()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        return variables;
    }
}
