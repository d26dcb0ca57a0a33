using System.CommandLine;
using System.Globalization;
using Sluice.Cli.Commands;
using Sluice.Cli.Output;

namespace Sluice.Cli;

/// <summary>The <c>sluice</c> command: one file a verb under <c>Commands/</c>.</summary>
internal static class CommandLine
{
    public static RootCommand Create()
    {
        var root = new RootCommand("One gateway, client and command line for every model provider.");
        root.WithExamples("sluice demo", "sluice config init", "sluice doctor", "sluice chat -m openai/gpt-5.4-mini \"Hello\"", "sluice serve");
        root.Subcommands.Add(ServeCommand.Create());
        root.Subcommands.Add(DemoCommand.Create());
        root.Subcommands.Add(SimulateCommand.Create());
        root.Subcommands.Add(ChatCommand.Create());
        root.Subcommands.Add(ExplainCommand.Create());
        root.Subcommands.Add(ModelsCommand.Create());
        root.Subcommands.Add(DoctorCommand.Create());
        root.Subcommands.Add(StatusCommand.Create());
        root.Subcommands.Add(ConfigCommand.Create());
        root.Subcommands.Add(CatalogCommand.Create());
        root.Subcommands.Add(CostCommand.Create());
        root.Subcommands.Add(KeysCommand.Create());
        root.Subcommands.Add(SpendCommand.Create());
        root.Subcommands.Add(CompletionCommand.Create());
        Examples.Install(root);
        return root;
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        // One language for messages, and a point in numbers, wherever it runs.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        if (args.Count == 0) args = ["--help"];
        // The name that 'config list' had before there was a 'config'.
        if (args.Contains("--list-llm-configs")) args = ["config", "list", .. args.Where(arg => arg != "--list-llm-configs")];
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0 && !Examples.IsHelp(parsed.Action) && !IsCompletion(args))
        {
            foreach (string line in UsageErrors.Describe(parsed)) await Console.Error.WriteLineAsync(line);
            return ExitCodes.WrongUsage;
        }
        // No handler for signals: a command that must end in order has its own, and any other ends at once.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }

    private static bool IsCompletion(IReadOnlyList<string> args) => args[0].StartsWith("[suggest", StringComparison.Ordinal);
}
