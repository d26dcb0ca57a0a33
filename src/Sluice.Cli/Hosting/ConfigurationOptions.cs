using System.CommandLine;
using Sluice.Configuration;

namespace Sluice.Cli.Hosting;

/// <summary>The options by which every command finds its configuration.</summary>
internal sealed class ConfigurationOptions
{
    public Option<string?> Config { get; } = new("--config", "-c") { Description = "Configuration file or directory (default: SLUICE_CONFIG, ./sluice.yaml, ./config/llms/, then well-known variables)", HelpName = "PATH" };

    public Option<string?> ConfigDir { get; } = new("--config-dir") { Description = "Directory of configuration files in place of ./config/llms", HelpName = "DIR" };

    public Option<string?> Profile { get; } = new("--profile", "--llm-config") { Description = "Profile that is merged over default-llms.yaml", HelpName = "NAME" };

    public void AddTo(Command command)
    {
        command.Options.Add(Config);
        command.Options.Add(ConfigDir);
        command.Options.Add(Profile);
    }

    /// <summary>Loads the configuration. On faults, tells all of them and gives null.</summary>
    public SluiceConfig? Load(ParseResult parsed, IReadOnlyList<ConfigurationOverride>? overrides = null)
    {
        var source = new ConfigurationSource { File = parsed.GetValue(Config), Directory = parsed.GetValue(ConfigDir), Profile = parsed.GetValue(Profile), Overrides = overrides ?? [] };
        var result = ConfigurationLoader.Load(source, new ProcessEnvironment());
        foreach (var warning in result.Warnings) Console.Error.WriteLine(warning);
        foreach (var fault in result.Faults) Console.Error.WriteLine(fault);
        if (result.Config is null) return null;
        return ReachableProviders.Only(result.Config);
    }
}
