using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Configuration.Importing;
using Sluice.Configuration.Loading;
using Sluice.Configuration;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice config list</c>: every configuration file here, whether it is valid, its providers and models.</summary>
internal static class ConfigListCommand
{
    internal static readonly string[] FilesHere = ["sluice.yaml", "sluice.yml"];

    public static Command Create()
    {
        var directory = new Option<string?>("--config-dir") { Description = "Directory of configuration files in place of ./config/llms", HelpName = "DIR" };
        var output = OutputFormat.Option();
        var command = new Command("list", "List the configuration files: valid or their faults, their providers and models.").WithExamples("sluice config list", "sluice config list --config-dir /etc/sluice --output json");
        command.Options.Add(directory);
        command.Options.Add(output);
        command.SetAction(parsed =>
        {
            var files = Find(parsed.GetValue(directory), new ProcessEnvironment());
            var writer = parsed.InvocationConfiguration;
            var format = parsed.GetValue(output)!;
            if (format != "table") writer.Output.Write(OutputFormat.Write(NodeBuilder.List(files.Select(file => ConfigReport.Describe(file.Result, file.Name))), format));
            else WriteTable(files, parsed.GetValue(directory) ?? ConfigurationLocator.DefaultDirectory, writer);
            return ExitCodes.Done;
        });
        return command;
    }

    private static List<(string Name, ConfigurationResult Result)> Find(string? directory, ProcessEnvironment environment)
    {
        var found = new List<(string, ConfigurationResult)>();
        if (directory is null && FilesHere.FirstOrDefault(File.Exists) is { } here)
            found.Add((Path.GetFileNameWithoutExtension(here), ConfigurationLoader.Load(new ConfigurationSource { File = here }, environment)));
        directory ??= ConfigurationLocator.DefaultDirectory;
        foreach (var file in ConfigurationLocator.ListFiles(directory))
        {
            // Each is shown as it would be used: a profile over the base.
            var name = Path.GetFileNameWithoutExtension(file);
            var profile = name == ConfigurationLocator.BaseName ? null : name;
            found.Add((name, ConfigurationLoader.Load(new ConfigurationSource { Directory = directory, Profile = profile }, environment)));
        }

        return found;
    }

    private static void WriteTable(List<(string Name, ConfigurationResult Result)> files, string directory, InvocationConfiguration writer)
    {
        if (files.Count == 0)
        {
            writer.Error.WriteLine($"No configuration file in {directory}. Write one with: sluice config init");
            return;
        }

        var table = new TextTable("NAME", Column.State("STATE"), Column.Text("PROVIDERS"), Column.Text("MODELS"));
        foreach (var (name, result) in files)
        {
            var config = result.Config;
            table.Add(
                name,
                config is null ? $"invalid ({result.Faults.Count})" : "valid",
                config is null ? "-" : Words(config.Providers.Values.Where(provider => provider.Enabled).Select(provider => provider.Name)),
                config is null ? "-" : Words(config.Routes.Keys.Concat(config.Providers.Values.Where(provider => provider.Enabled).SelectMany(provider => (provider.Models ?? ["*"]).Select(model => $"{provider.Name}/{model}")))));
        }

        table.Write(writer.Output);
        foreach (var (name, result) in files.Where(file => !file.Result.IsValid))
        {
            writer.Output.WriteLine();
            writer.Output.WriteLine($"{name}:");
            foreach (var fault in result.Faults) writer.Output.WriteLine($"  {fault}");
        }
    }

    private static string Words(IEnumerable<string> words)
    {
        const int most = 6;
        var all = words.ToList();
        return all.Count == 0 ? "-" : string.Join(", ", all.Take(most)) + (all.Count > most ? $" and {all.Count - most} more" : "");
    }
}
