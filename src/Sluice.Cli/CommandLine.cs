using System.CommandLine;
using Sluice.Cli.Commands;
using Sluice.Cli.Output;

namespace Sluice.Cli;

/// <summary>The <c>sluice</c> command: one file a verb under <c>Commands/</c>.</summary>
internal static class CommandLine
{
    public static RootCommand Create()
    {
        var root = new RootCommand("One gateway, client and command line for every model provider.");
        root.Subcommands.Add(ServeCommand.Create());
        root.Subcommands.Add(DemoCommand.Create());
        root.Subcommands.Add(SimulateCommand.Create());
        root.Subcommands.Add(ChatCommand.Create());
        root.Subcommands.Add(ModelsCommand.Create());
        root.Subcommands.Add(ConfigCommand.Create());
        root.Subcommands.Add(CatalogCommand.Create());
        root.Subcommands.Add(CostCommand.Create());
        Examples.Install(root);
        return root;
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        // The name that 'config list' had before there was a 'config'.
        if (args.Contains("--list-llm-configs")) args = ["config", "list", .. args.Where(arg => arg != "--list-llm-configs")];
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0 && !Examples.IsHelp(parsed.Action))
        {
            foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync($"sluice: {error.Message}");
            await Console.Error.WriteLineAsync($"Try '{Usage(parsed)} --help'.");
            return ExitCodes.WrongUsage;
        }
        return await parsed.InvokeAsync();
    }

    private static string Usage(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult) names.Push(result.Command is RootCommand ? "sluice" : result.Command.Name);
        return string.Join(' ', names);
    }
}
