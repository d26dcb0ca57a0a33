using System.CommandLine;
using Sluice.Cli.Hosting;
using Sluice.Cli.Output;
using Sluice.Configuration.Rendering;
using Sluice.Configuration;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice config show</c>: what is in force, secrets masked, and where each value came from.</summary>
internal static class ConfigShowCommand
{
    public static Command Create()
    {
        var configuration = new ConfigurationOptions();
        var origin = new Option<bool>("--origin") { Description = "Say for each value which file and line, variable or flag it comes from" };
        var output = new Option<string>("--output", "-o") { Description = "yaml or json", HelpName = "FORMAT", DefaultValueFactory = _ => "yaml" };
        output.AcceptOnlyFromAmong("yaml", "json");
        var command = new Command("show", "Print the merged configuration with secrets masked.").WithExamples("sluice config show --origin", "sluice config show --profile team --output json");
        configuration.AddTo(command);
        command.Options.Add(origin);
        command.Options.Add(output);
        command.SetAction(parsed =>
        {
            var result = ConfigurationLoader.Load(configuration.Source(parsed), new ProcessEnvironment());
            var writer = parsed.InvocationConfiguration;
            if (!result.IsValid)
            {
                foreach (var fault in result.Faults) writer.Error.WriteLine(fault);
                return ExitCodes.ConfigurationInvalid;
            }

            var origins = parsed.GetValue(origin);
            writer.Output.Write(parsed.GetValue(output) == "json" ? ShownConfiguration.ToJson(result, origins) : ShownConfiguration.ToYaml(result, origins));
            if (result.Files.Count == 0) writer.Error.WriteLine("No configuration file was found: this is what the environment gives. 'sluice config init' writes a file.");
            return ExitCodes.Done;
        });
        return command;
    }
}
