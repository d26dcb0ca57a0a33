using System.CommandLine;

namespace Sluice.Cli.Keys;

/// <summary>The argument that names a key.</summary>
internal static class KeyArgument
{
    public static Argument<string> Create(string description = "The key's name or id") => new("KEY") { Description = description };
}
