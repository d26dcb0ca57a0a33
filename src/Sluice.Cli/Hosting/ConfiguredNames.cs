using System.CommandLine.Completions;
using Sluice.Configuration;

namespace Sluice.Cli.Hosting;

/// <summary>Names for shell completion, from the configuration alone: nobody waits for a provider while typing.</summary>
internal static class ConfiguredNames
{
    /// <summary>Routes, and models of providers that name theirs; else the provider's name with a slash.</summary>
    public static IEnumerable<string> Models(SluiceConfig? config)
    {
        if (config is null) return [];
        var models = config.Providers.Values.Where(p => p.Enabled).SelectMany(p => (p.Models ?? [""]).Select(m => $"{p.Name}/{m}"));
        return config.Routes.Values.Where(r => r.Enabled && !r.Name.Contains('*')).Select(r => r.Name).Concat(models);
    }

    /// <summary>Providers in use.</summary>
    public static IEnumerable<string> Providers(SluiceConfig? config) => config is null ? [] : config.Providers.Values.Where(p => p.Enabled).Select(p => p.Name);

    /// <summary>The configuration that the unfinished line names; null where it has faults.</summary>
    public static SluiceConfig? Load(ConfigurationOptions configuration, CompletionContext context) => ConfigurationLoader.Load(configuration.Source(context.ParseResult), new ProcessEnvironment()).Config;
}
