using System.CommandLine;

namespace Sluice.Cli.Keys;

/// <summary>Shows a key once, right after it was made.</summary>
internal static class KeyIssue
{
    public static void Write(ParseResult parsed, KeyDesk desk, ShownKey key, string format, string what)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (format != "table")
        {
            KeyListing.Write(output, key, format);
            return;
        }
        desk.Errors.WriteLine($"Key '{key.Name}' ({key.Id}) was {what}. It is shown only now:");
        output.WriteLine(key.Secret);
        string address = desk.Keys.Address ?? "ADDRESS";
        desk.Errors.WriteLine($"For SDKs: OPENAI_API_KEY or ANTHROPIC_API_KEY with it, OPENAI_BASE_URL={address}/v1 or ANTHROPIC_BASE_URL={address}");
    }
}
