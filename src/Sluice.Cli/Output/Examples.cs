using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace Sluice.Cli.Output;

/// <summary>Examples at the end of a command's help.</summary>
internal static class Examples
{
    private static readonly ConditionalWeakTable<Command, string[]> Known = [];

    private static readonly ConditionalWeakTable<Command, string> Notes = [];

    /// <summary>Gives a command sentences that its own help shows, and the list of commands does not.</summary>
    public static Command WithNotes(this Command command, string notes)
    {
        Notes.AddOrUpdate(command, notes);
        return command;
    }

    /// <summary>Gives a command its examples, each a whole line as it is typed.</summary>
    public static Command WithExamples(this Command command, params string[] lines)
    {
        Known.AddOrUpdate(command, lines);
        return command;
    }

    /// <summary>The examples of a command; empty where it has none.</summary>
    internal static IReadOnlyList<string> Of(Command command) => Known.TryGetValue(command, out var lines) ? lines : [];

    /// <summary>Makes the help of the whole command line print them.</summary>
    public static void Install(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            if (option.Action is HelpAction plain) option.Action = new ExamplesHelpAction(plain);
        }
    }

    internal static bool IsHelp(CommandLineAction? action) => action is HelpAction or ExamplesHelpAction;

    private sealed class ExamplesHelpAction(HelpAction plain) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            // The program's file is called Sluice.Cli; the script that people type is not.
            var output = parseResult.InvocationConfiguration.Output;
            using var text = new StringWriter();
            parseResult.InvocationConfiguration.Output = text;
            var result = plain.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output = output;
            output.Write(text.ToString().Replace(RootCommand.ExecutableName + " ", ProgramName.Text + " ", StringComparison.Ordinal));
            if (Notes.TryGetValue(parseResult.CommandResult.Command, out string? notes)) output.WriteLine(ProgramName.In($"Notes:\n  {notes}\n"));
            if (!Known.TryGetValue(parseResult.CommandResult.Command, out var lines)) return result;
            output.WriteLine("Examples:");
            foreach (var line in lines) output.WriteLine(ProgramName.In("  " + line));
            output.WriteLine();
            return result;
        }
    }
}
