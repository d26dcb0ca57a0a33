using System.CommandLine;
using Sluice.Configuration.Importing;
using Sluice.Configuration.Yaml;

namespace Sluice.Cli.Keys;

/// <summary><c>--secret-from FILE|-</c>: a secret that is not made but given. It never stands on the command line, where others on the machine could see it.</summary>
internal static class SecretSource
{
    public static Option<string?> Option() =>
        new("--secret-from") { Description = "Take the key itself from a file, or '-' for standard input: clients of another gateway keep theirs. Without it one is made", HelpName = "FILE" };

    /// <summary>Puts the secret into the settings.</summary>
    /// <returns>What cannot be read; <see langword="null"/> where all is well.</returns>
    public static async Task<(MapNode Settings, string? Fault)> ReadAsync(string? source, MapNode settings, CancellationToken cancellationToken)
    {
        if (source is null) return (settings, null);
        try
        {
            string text = source == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(source, cancellationToken);
            return (new MapNode(settings.Origin, [.. settings.Entries, new MapEntry("secret", settings.Origin, NodeBuilder.Text(text.Trim()))]), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (settings, $"--secret-from {source}: {e.Message}");
        }
    }
}
