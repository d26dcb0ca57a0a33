using System.CommandLine;
using Sluice.Access.Administration;
using Sluice.Configuration;

namespace Sluice.Cli.Keys;

/// <summary>Shows a key once, right after it was made.</summary>
internal static class KeyIssue
{
    public static void Write(ParseResult parsed, KeyDesk desk, IssuedKey issued, string format, string what)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (format != "table")
        {
            KeyListing.Write(output, issued.Record, desk.Config, format, TimeProvider.System.GetUtcNow(), issued.Secret);
            return;
        }
        desk.Errors.WriteLine($"Key '{issued.Record.Name}' ({issued.Record.Id}) was {what}. It is shown only now:");
        output.WriteLine(issued.Secret);
        string address = Address(desk.Config.Server);
        desk.Errors.WriteLine($"For SDKs: OPENAI_API_KEY or ANTHROPIC_API_KEY with it, OPENAI_BASE_URL={address}/v1 or ANTHROPIC_BASE_URL={address}");
    }

    private static string Address(ServerConfig server) => $"{(server.Https is null ? "http" : "https")}://{(server.Listen.Host is "*" or "0.0.0.0" or "::" ? $"THIS-HOST:{server.Listen.Port}" : server.Listen)}";
}
