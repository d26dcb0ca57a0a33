using Sluice.Configuration;

namespace Sluice.Tests.Configuration;

/// <summary>A directory with configuration files and an environment around it, both gone after the test.</summary>
internal sealed class ConfigurationFolder : IEnvironment, IDisposable
{
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Variables => variables;

    public string WorkingDirectory { get; } = Directory.CreateTempSubdirectory("sluice-config-").FullName;

    public ConfigurationFolder Set(string name, string value)
    {
        variables[name] = value;
        return this;
    }

    public ConfigurationFolder Write(string name, string text)
    {
        var path = Path.Combine(WorkingDirectory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    public ConfigurationResult Load(ConfigurationSource? source = null) => ConfigurationLoader.Load(source ?? new ConfigurationSource(), this);

    /// <summary>Loads one file that must be right.</summary>
    public SluiceConfig LoadValid(string yaml)
    {
        var result = Write("sluice.yaml", yaml).Load();
        result.Faults.ShouldBeEmpty();
        return result.Config.ShouldNotBeNull();
    }

    /// <summary>Loads one file that must be wrong, and gives the messages.</summary>
    public IReadOnlyList<string> LoadFaults(string yaml)
    {
        var result = Write("sluice.yaml", yaml).Load();
        result.Config.ShouldBeNull();
        return [.. result.Faults.Select(fault => fault.ToString())];
    }

    public void Dispose() => Directory.Delete(WorkingDirectory, recursive: true);
}
