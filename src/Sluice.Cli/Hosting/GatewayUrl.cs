using System.CommandLine;
using System.CommandLine.Parsing;

namespace Sluice.Cli.Hosting;

/// <summary>The option with which a command is pointed at a running gateway.</summary>
internal static class GatewayUrl
{
    /// <summary>The variable that holds the key for it.</summary>
    public const string KeyVariable = "SLUICE_ADMIN_KEY";

    /// <summary>Makes the option. An address without a scheme is taken for <c>http</c>.</summary>
    public static Option<Uri?> Option(string description) => new("--url", "-u") { Description = description, HelpName = "URL", CustomParser = Read };

    private static Uri? Read(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        bool isUrl = Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out var url);
        if (isUrl && (url!.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.UserInfo.Length == 0) return url;
        argument.AddError($"--url {text}: write the gateway's address, such as https://gateway.example or http://127.0.0.1:4000");
        return null;
    }
}
