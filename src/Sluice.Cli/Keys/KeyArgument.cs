using System.CommandLine;

namespace Sluice.Cli.Keys;

/// <summary>What names a key on the command line.</summary>
internal static class KeyArgument
{
    public static Argument<string> Create(string description = "The key's name or id") => new("KEY") { Description = description };

    /// <summary>The version that a key must have to be changed.</summary>
    public static Option<long?> Version() => new("--if-version") { Description = "Change it only if it still has this version (keys show tells it)", HelpName = "NUMBER" };
}
