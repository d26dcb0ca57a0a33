using System.CommandLine;
using Sluice.Cli.Output;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice keys</c>: virtual keys for the clients of a gateway.</summary>
internal static class KeysCommand
{
    public static Command Create()
    {
        var command = new Command("keys", "Make, list, change, rotate and revoke virtual keys.")
            .WithNotes("Works on the store of the configuration (storage), whether or not a gateway runs. A running one takes every change at its next call. With --url, on those of a gateway elsewhere, through its administration API.")
            .WithExamples("sluice keys create --name ada --models smart --budget-daily 5", "sluice keys list", "sluice keys revoke ada", "SLUICE_ADMIN_KEY=... sluice keys list --url https://gateway.example");
        command.Subcommands.Add(KeysCreateCommand.Create());
        command.Subcommands.Add(KeysListCommand.Create());
        command.Subcommands.Add(KeysShowCommand.Create());
        command.Subcommands.Add(KeysUpdateCommand.Create());
        command.Subcommands.Add(KeysRotateCommand.Create());
        command.Subcommands.Add(KeysRevokeCommand.Create());
        return command;
    }
}
