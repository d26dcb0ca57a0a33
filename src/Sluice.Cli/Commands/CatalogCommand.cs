using System.CommandLine;
using Sluice.Cli.Output;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice catalog</c>: what is known of models and their prices.</summary>
internal static class CatalogCommand
{
    public static Command Create()
    {
        var command = new Command("catalog", "Models, their limits, capabilities and prices.").WithExamples("sluice catalog list --provider anthropic", "sluice catalog show gpt-5.4");
        command.Subcommands.Add(CatalogListCommand.Create());
        command.Subcommands.Add(CatalogShowCommand.Create());
        command.Subcommands.Add(CatalogDiffCommand.Create());
        command.Subcommands.Add(CatalogImportCommand.Create());
        return command;
    }
}
