using System.CommandLine;
using Sluice.Cli.Diagnosis;
using Sluice.Cli.Hosting;
using Sluice.Cli.Output;
using Sluice.Configuration;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice doctor</c>: is each provider reachable, is its key good, and what to do where not.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var configuration = new ConfigurationOptions();
        var names = ProviderNames.Option(configuration);
        var output = OutputFormat.Option();
        var command = new Command("doctor", "Ask every provider whether it is reachable and its key is good, and say what to do where not.")
            .WithNotes("All are asked at once, every key by itself; only model lists are read, so it costs nothing. Exit code 4 where one is unreachable, 1 where a key is bad.")
            .WithExamples("sluice doctor", "sluice doctor --provider openai --provider anthropic", "sluice doctor --output json");
        configuration.AddTo(command);
        command.Options.Add(names);
        command.Options.Add(output);
        command.SetAction(async (parsed, token) =>
        {
            if (configuration.LoadWhole(parsed) is not { } loaded) return ExitCodes.ConfigurationInvalid;
            if (!ProviderNames.TryChoose(loaded.Config, parsed.GetValue(names), out var providers)) return ExitCodes.WrongUsage;
            if (providers.Count == 0)
            {
                await Console.Error.WriteLineAsync(ProviderNames.None);
                return ExitCodes.ConfigurationInvalid;
            }
            var findings = await AskAsync(loaded.Config, providers, token);
            string format = parsed.GetValue(output)!;
            var writer = parsed.InvocationConfiguration.Output;
            if (format != "table") writer.Write(OutputFormat.Write(FindingReport.Describe(findings), format));
            else
            {
                writer.WriteLine($"Configuration: {(loaded.Result.Files.Count == 0 ? "no file; the environment" : string.Join(" + ", loaded.Result.Files.Select(ConfigReport.Relative)))}");
                FindingReport.WriteTable(findings, writer);
            }
            return findings.Any(f => !f.Reachable) ? ExitCodes.ProviderUnreachable : findings.Any(f => f.Problem is not null) ? ExitCodes.Failed : ExitCodes.Done;
        });
        return command;
    }

    private static async Task<Finding[]> AskAsync(SluiceConfig config, IReadOnlyList<ProviderConfig> providers, CancellationToken cancellationToken)
    {
        var asked = providers
            .SelectMany(provider => provider.ApiKeys.Count == 0 ? [(provider, null)] : provider.ApiKeys.Select(key => (provider, key: (ProviderKeyConfig?)key)))
            .Select(pair => ProviderProbe.AskAsync(config, pair.provider, pair.Item2, Named(config, pair.provider), cancellationToken)).ToArray();
        return await Terminal.WaitAsync(Task.WhenAll(asked), () => $"{asked.Count(a => a.IsCompleted)} of {asked.Length} have answered");
    }

    // Models that somebody wrote down: here a slip of the pen shows before a call does.
    private static HashSet<string> Named(SluiceConfig config, ProviderConfig provider)
    {
        var targets = config.Routes.Values.Where(r => r.Enabled).SelectMany(r => r.Targets).Where(t => t.Enabled && t.Provider == provider.Name && !t.ModelName!.Contains('*')).Select(t => t.ModelName!);
        return [.. provider.Models ?? [], .. targets];
    }
}
