using System.CommandLine;
using Sluice.Cli.Output;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice config</c>: everything about configuration files.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var command = new Command("config", "Write, check and show configuration files.")
            .WithExamples("sluice config init", "sluice config validate", "sluice config show --origin");
        command.Subcommands.Add(ConfigInitCommand.Create());
        command.Subcommands.Add(ConfigValidateCommand.Create());
        command.Subcommands.Add(ConfigShowCommand.Create());
        command.Subcommands.Add(ConfigListCommand.Create());
        command.Subcommands.Add(ConfigSchemaCommand.Create());
        command.Subcommands.Add(ConfigImportCommand.Create());
        return command;
    }
}
