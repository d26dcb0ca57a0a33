using System.CommandLine;
using System.CommandLine.Parsing;
using Sluice.Configuration;

namespace Sluice.Cli.Output;

/// <summary>What is wrong with a command line, with the nearest right word.</summary>
internal static class UsageErrors
{
    /// <summary>One line a fault, and where to read on.</summary>
    public static IEnumerable<string> Describe(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        string name = NameOf(parsed.CommandResult);
        foreach (string fault in Faults(parsed, command, name)) yield return $"sluice: {fault}";
        yield return ProgramName.In($"Try '{name} --help'.");
    }

    /// <summary>The sentence about an option that does not exist.</summary>
    public static string UnknownOption(string option, IEnumerable<Command> commands)
    {
        string word = option.Split('=')[0];
        var known = commands.SelectMany(command => command.Options).Where(o => !o.Hidden).SelectMany(o => o.Aliases.Prepend(o.Name)).Where(o => o.StartsWith("--", StringComparison.Ordinal));
        return $"unknown option '{word}'{Suggestion(Nearest.Find(word, known))}";
    }

    private static IEnumerable<string> Faults(ParseResult parsed, Command command, string name)
    {
        var options = parsed.UnmatchedTokens.Where(token => token.Length > 1 && token[0] == '-').ToList();
        foreach (string option in options) yield return UnknownOption(option, Chain(parsed.CommandResult));
        if (options.Count > 0) yield break;
        if (parsed.UnmatchedTokens.Count > 0)
        {
            yield return UnknownWord(parsed, command, name);
            yield break;
        }
        if (command.Subcommands.Count > 0 && command.Action is null)
        {
            yield return $"'{name}' needs a command: {Names(command)}";
            yield break;
        }
        foreach (var error in parsed.Errors) yield return string.Join(' ', error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string UnknownWord(ParseResult parsed, Command command, string name)
    {
        string word = parsed.UnmatchedTokens[0];
        if (command.Subcommands.Count == 0) return $"'{name}' takes no further argument: '{word}'";
        string? nearest = Nearest.Find(word, command.Subcommands.Select(c => c.Name));
        // "sluice validate" for "sluice config validate".
        string? elsewhere = nearest is null && Descendants(parsed.RootCommandResult.Command, "sluice").Where(c => c.Command.Name == word).Select(c => c.Path).FirstOrDefault() is { } path ? path : null;
        return $"unknown command '{word}'{Suggestion(nearest ?? elsewhere) ?? ""}{(nearest is null && elsewhere is null ? $"; there are {Names(command)}" : "")}";
    }

    private static string? Suggestion(string? nearest) => nearest is null ? null : $"; did you mean '{nearest}'?";

    private static string Names(Command command) => string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name));

    private static IEnumerable<(string Path, Command Command)> Descendants(Command command, string path)
    {
        foreach (var child in command.Subcommands)
        {
            yield return ($"{path} {child.Name}", child);
            foreach (var descendant in Descendants(child, $"{path} {child.Name}")) yield return descendant;
        }
    }

    private static IEnumerable<Command> Chain(CommandResult result)
    {
        for (var at = result; at is not null; at = at.Parent as CommandResult) yield return at.Command;
    }

    private static string NameOf(CommandResult result) => string.Join(' ', Chain(result).Reverse().Select(c => c is RootCommand ? "sluice" : c.Name));
}
