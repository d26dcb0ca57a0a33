using System.CommandLine;
using Sluice.Cli.Hosting;
using Sluice.Cli.Output;
using Sluice.Configuration;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice config validate</c>: every fault at once.</summary>
internal static class ConfigValidateCommand
{
    public static Command Create()
    {
        var configuration = new ConfigurationOptions();
        var file = new Argument<string?>("FILE") { Description = "The file to check, as --config", Arity = ArgumentArity.ZeroOrOne };
        var output = OutputFormat.Option();
        var command = new Command("validate", "Check a configuration and tell every fault with its place and its remedy. Exit code 3 where there is one.").WithExamples("sluice config validate", "sluice config validate ./sluice.yaml --output json");
        command.Arguments.Add(file);
        configuration.AddTo(command);
        command.Options.Add(output);
        command.SetAction(parsed =>
        {
            var source = configuration.Source(parsed);
            if (parsed.GetValue(file) is { } path) source = source with { File = path };
            var result = ConfigurationLoader.Load(source, new ProcessEnvironment());
            var writer = parsed.InvocationConfiguration;
            if (parsed.GetValue(output) is "json" or "yaml") writer.Output.Write(OutputFormat.Write(ConfigReport.Describe(result), parsed.GetValue(output)!));
            else WriteText(result, writer);
            bool arePricesGood = result.Config is null || ConfiguredCatalog.Check(result.Config, writer.Error);
            return result.IsValid && arePricesGood ? ExitCodes.Done : ExitCodes.ConfigurationInvalid;
        });
        return command;
    }

    private static void WriteText(ConfigurationResult result, InvocationConfiguration writer)
    {
        foreach (var warning in result.Warnings) writer.Error.WriteLine(warning);
        foreach (var fault in result.Faults) writer.Error.WriteLine(fault);
        var files = result.Files.Count == 0 ? "no file; the environment" : string.Join(" + ", result.Files.Select(ConfigReport.Relative));
        if (result.Config is { } config) writer.Output.WriteLine($"valid ({files}): {Count(config.Providers.Count, "provider")}, {Count(config.Routes.Count, "route")}");
        else writer.Error.WriteLine($"invalid ({files}): {Count(result.Faults.Count, "fault")}");
    }

    private static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";
}
