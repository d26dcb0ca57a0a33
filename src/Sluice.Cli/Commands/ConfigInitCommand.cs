using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Configuration.Loading;
using Sluice.Configuration.Rendering;
using Sluice.Configuration;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice config init</c>: writes a commented file to start from, and says what to do next.</summary>
internal static class ConfigInitCommand
{
    public static Command Create()
    {
        var directory = new Option<string?>("--config-dir") { Description = "Directory to write to in place of ./config/llms", HelpName = "DIR" };
        var command = new Command("init", "Write a commented default-llms.yaml with every provider. Overwrites nothing.").WithExamples("sluice config init", "sluice config init --config-dir /etc/sluice");
        command.Options.Add(directory);
        command.SetAction(parsed => Run(parsed.GetValue(directory), parsed.InvocationConfiguration));
        return command;
    }

    private static int Run(string? directory, InvocationConfiguration writer)
    {
        var folder = directory ?? ConfigurationLocator.DefaultDirectory;
        var file = Path.Combine(folder, ConfigurationLocator.BaseName + ".yaml");
        var environment = new ProcessEnvironment();
        if (directory is null && ReadInstead(environment) is { } other)
        {
            writer.Error.WriteLine(ProgramName.In($"sluice: nothing was written: the next command reads {other} and would not look at {file}. Change that one (check it: sluice config validate), move it away, or write elsewhere: sluice config init --config-dir DIR"));
            return ExitCodes.Failed;
        }

        try
        {
            Directory.CreateDirectory(folder);
            if (!Write(file, InitialFile.Write(environment)))
            {
                writer.Error.WriteLine(ProgramName.In($"sluice: {file} exists and stays as it is. Check it: sluice config validate{Flag(directory)}"));
                return ExitCodes.Failed;
            }

            Write(Path.Combine(folder, "sluice.schema.json"), JsonSchemaWriter.Write());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            writer.Error.WriteLine($"sluice: cannot write {file}: {e.Message}");
            return ExitCodes.Failed;
        }

        var result = ConfigurationLoader.Load(new ConfigurationSource { File = file }, environment);
        Announce(file, directory, result, environment, writer.Output);
        return ExitCodes.Done;
    }

    // What goes before the usual directory, as the next command finds its configuration.
    private static string? ReadInstead(ProcessEnvironment environment) =>
        environment.Variables.GetValueOrDefault("SLUICE_CONFIG") is { Length: > 0 } named ? $"{named} (SLUICE_CONFIG)" : ConfigListCommand.FilesHere.FirstOrDefault(File.Exists);

    private static void Announce(string file, string? directory, ConfigurationResult result, ProcessEnvironment environment, TextWriter output)
    {
        output.WriteLine($"Wrote {file}");
        var providers = result.Config?.Providers.Values.Where(provider => provider.Enabled).ToList() ?? [];
        foreach (var provider in providers)
        {
            var variable = ProviderTypes.KeyVariables(provider.Type).FirstOrDefault(name => !string.IsNullOrEmpty(environment.Variables.GetValueOrDefault(name)));
            output.WriteLine(variable is null ? $"  {provider.Name} is on (no key needed; it must run at {provider.BaseUrl?.AbsoluteUri.TrimEnd('/')}; put '#' before its lines if you do not use it)" : $"  {provider.Name} is on (its key comes from {variable})");
        }

        bool found = providers.Any(provider => provider.ApiKeys.Count > 0);
        var first = providers.Count > 0 ? $"{providers[0].Name}/{ExampleModel.Of(providers[0].Type)}" : "PROVIDER/MODEL";
        string flag = Flag(directory);
        string choose = $"Open {file}. A '#' that touches a word switches a setting off: take it away before a provider\n     that you use, from all of its lines, and set the variable that it names, e.g. export ANTHROPIC_API_KEY=...";
        if (!found) output.WriteLine("\nNo provider's variable is set in this shell.");
        (string Command, string Note)[] steps =
        [
            .. found ? Array.Empty<(string, string)>() : [(choose, ""), ($"sluice config validate{flag}", "")],
            ($"sluice doctor{flag}", "is each provider reachable, is its key good; what to do if not"),
            ($"sluice models{flag}", "what they offer"),
            ($"sluice chat{flag} -m {first} \"Hello\"", first.EndsWith("/MODEL", StringComparison.Ordinal) ? "MODEL: a name that 'models' lists" : ""),
            ($"sluice serve{flag}", "then point any SDK at http://127.0.0.1:4000/v1"),
        ];
        output.WriteLine("\nNext:");
        int width = steps.Max(step => step.Note.Length == 0 ? 0 : ProgramName.In(step.Command).Length);
        for (int i = 0; i < steps.Length; i++)
        {
            string command = ProgramName.In(steps[i].Command);
            output.WriteLine($"  {i + 1}. {(steps[i].Note.Length == 0 ? command : $"{command.PadRight(width)}  # {steps[i].Note}")}");
        }
        if (found) output.WriteLine(ProgramName.In($"\nTo use another provider: {char.ToLowerInvariant(choose[0])}{choose[1..].Replace("     ", "", StringComparison.Ordinal)}\nCheck the file: sluice config validate{flag}"));
    }

    private static string Flag(string? directory) => directory is null ? "" : $" --config-dir {directory}";

    // CreateNew: nothing is overwritten, even if it appears in this moment.
    private static bool Write(string path, string text)
    {
        if (File.Exists(path)) return false;
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        using var writer = new StreamWriter(stream);
        writer.Write(text);
        return true;
    }
}
