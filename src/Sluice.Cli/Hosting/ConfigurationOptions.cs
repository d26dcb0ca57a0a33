using System.CommandLine;
using System.CommandLine.Completions;
using Sluice.Cli.Output;
using Sluice.Configuration;
using Sluice.Configuration.Loading;

namespace Sluice.Cli.Hosting;

/// <summary>The options by which every command finds its configuration.</summary>
internal sealed class ConfigurationOptions
{
    public Option<string?> Config { get; } = new("--config", "-c") { Description = "Configuration file or directory (default: SLUICE_CONFIG, ./sluice.yaml, ./config/llms/, then well-known variables)", HelpName = "PATH" };

    public Option<string?> ConfigDir { get; } = new("--config-dir") { Description = "Directory of configuration files in place of ./config/llms", HelpName = "DIR" };

    public Option<string?> Profile { get; } = new("--profile", "--llm-config") { Description = "Profile that is merged over default-llms.yaml", HelpName = "NAME" };

    public Option<ConfigurationOverride[]> Set { get; } = new("--set")
    {
        Description = "Sets one key, e.g. --set server.listen=127.0.0.1:5000 (wins over files and variables)",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = ReadOverrides,
    };

    public void AddTo(Command command)
    {
        Profile.CompletionSources.Add(context => Profiles(context.ParseResult.GetValue(ConfigDir)).Select(name => new CompletionItem(name)));
        command.Options.Add(Config);
        command.Options.Add(ConfigDir);
        command.Options.Add(Profile);
        command.Options.Add(Set);
    }

    /// <summary>What the options name.</summary>
    public ConfigurationSource Source(ParseResult parsed, IReadOnlyList<ConfigurationOverride>? overrides = null) => new()
    {
        File = parsed.GetValue(Config),
        Directory = parsed.GetValue(ConfigDir),
        Profile = parsed.GetValue(Profile),
        Overrides = [.. parsed.GetValue(Set) ?? [], .. overrides ?? []],
    };

    /// <summary>The options as they were written, for a command that is suggested.</summary>
    public string Flags(ParseResult parsed) => ConfigurationFlags.Of(Source(parsed));

    /// <summary>Loads the configuration. On faults, tells all of them and gives null.</summary>
    public SluiceConfig? Load(ParseResult parsed, IReadOnlyList<ConfigurationOverride>? overrides = null) => LoadWhole(parsed, overrides)?.Config;

    /// <summary>The same, with what a reload needs.</summary>
    public LoadedConfiguration? LoadWhole(ParseResult parsed, IReadOnlyList<ConfigurationOverride>? overrides = null)
    {
        var source = Source(parsed, overrides);
        var environment = new ProcessEnvironment();
        var result = ConfigurationLoader.Load(source, environment);
        foreach (var warning in result.Warnings) Console.Error.WriteLine(warning);
        foreach (var fault in result.Faults) Console.Error.WriteLine(ProgramName.In(fault.ToString()));
        return result.Config is { } config ? new LoadedConfiguration(ReachableProviders.Only(config), result, source, environment) : null;
    }

    private static IEnumerable<string> Profiles(string? directory) =>
        ConfigurationLocator.ListFiles(directory ?? ConfigurationLocator.DefaultDirectory).Select(file => Path.GetFileNameWithoutExtension(file)).Where(name => name != ConfigurationLocator.BaseName);

    private static ConfigurationOverride[] ReadOverrides(System.CommandLine.Parsing.ArgumentResult argument)
    {
        var overrides = new List<ConfigurationOverride>();
        foreach (var token in argument.Tokens)
        {
            if (ConfigurationOverride.TryParse(token.Value, "--set", out var value)) overrides.Add(value);
            else argument.AddError($"--set {token.Value.Split('=')[0]}: write KEY=VALUE, e.g. server.listen=127.0.0.1:5000");
        }

        return [.. overrides];
    }
}
