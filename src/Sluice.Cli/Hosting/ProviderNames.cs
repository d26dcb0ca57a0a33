using System.CommandLine;
using System.CommandLine.Completions;
using Sluice.Cli.Output;
using Sluice.Configuration;

namespace Sluice.Cli.Hosting;

/// <summary><c>--provider NAME</c>: some of the configured providers.</summary>
internal static class ProviderNames
{
    /// <summary>What to say where there is none at all.</summary>
    public static string None { get; } = ProgramName.In("No provider is configured. Set OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY or GROQ_API_KEY, start Ollama, or write a file with 'sluice config init'.");

    public static Option<string[]> Option(ConfigurationOptions configuration)
    {
        var option = new Option<string[]>("--provider") { Description = "Only this provider; may be repeated", HelpName = "NAME", Arity = ArgumentArity.OneOrMore };
        option.CompletionSources.Add(context => ConfiguredNames.Providers(ConfiguredNames.Load(configuration, context)).Select(name => new CompletionItem(name)));
        return option;
    }

    /// <summary>The chosen ones, or all that are in use. An unknown name is told to standard error.</summary>
    public static bool TryChoose(SluiceConfig config, IReadOnlyCollection<string>? names, out IReadOnlyList<ProviderConfig> chosen)
    {
        chosen = [.. config.Providers.Values.Where(p => p.Enabled && (config.Allow.Providers is not { } allowed || allowed.Any(pattern => Wildcard.Matches(pattern, p.Name))))];
        if (names is null || names.Count == 0) return true;
        var usable = chosen;
        foreach (string name in names.Where(name => !usable.Any(p => Same(p.Name, name))))
        {
            string why = config.Providers.Values.Any(p => Same(p.Name, name)) ? "is switched off in the configuration"
                : Nearest.Find(name, usable.Select(p => p.Name)) is { } near ? $"is not configured; did you mean '{near}'?"
                : $"is not configured; there are {string.Join(", ", usable.Select(p => p.Name))}";
            Console.Error.WriteLine($"sluice: provider '{name}' {why}");
            return false;
        }
        chosen = [.. usable.Where(p => names.Contains(p.Name, StringComparer.OrdinalIgnoreCase))];
        return true;
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
