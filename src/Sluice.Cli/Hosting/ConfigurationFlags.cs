using Sluice.Configuration;

namespace Sluice.Cli.Hosting;

/// <summary>The options that find a configuration again: a command that is suggested must find the same one.</summary>
internal static class ConfigurationFlags
{
    /// <summary>Empty where the configuration is found by itself; else with a blank before each option.</summary>
    public static string Of(ConfigurationSource? source) => source is null ? "" : Flag("--config", source.File) + Flag("--config-dir", source.Directory) + Flag("--profile", source.Profile);

    private static string Flag(string name, string? value) => value is null ? "" : $" {name} {(value.Any(char.IsWhiteSpace) ? $"'{value}'" : value)}";
}
