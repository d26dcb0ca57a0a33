using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Configuration.Rendering;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice config schema</c>: the JSON Schema for editors.</summary>
internal static class ConfigSchemaCommand
{
    public static Command Create()
    {
        var command = new Command("schema", "Print the JSON Schema of the configuration file, for editors.").WithExamples("sluice config schema > sluice.schema.json");
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.Write(JsonSchemaWriter.Write());
            return ExitCodes.Done;
        });
        return command;
    }
}
