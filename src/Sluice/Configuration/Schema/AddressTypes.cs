using System.Text.RegularExpressions;

namespace Sluice.Configuration.Schema;

/// <summary>An absolute http or https address.</summary>
internal sealed class UrlType : ScalarType
{
    internal static readonly UrlType Address = new();

    /// <summary>A proxy: it may hold a user and a password, or be <c>none</c>.</summary>
    internal static readonly UrlType Proxy = new() { MayHoldUser = true, MayBeNone = true };

    /// <summary>A webhook: whoever knows it may use it, so the whole is a secret.</summary>
    internal static readonly UrlType Webhook = new() { MayHoldUser = true, IsHidden = true };

    internal override string Name => "URL";

    internal override string Expected => "an address that begins with http:// or https://";

    internal override bool IsSecret => MayHoldUser;

    internal bool MayHoldUser { get; private init; }

    internal bool MayBeNone { get; private init; }

    /// <summary>Whether not even the host is shown.</summary>
    internal bool IsHidden { get; private init; }

    internal override Problem? Check(string text)
    {
        if (MayBeNone && text == "none") return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
            return new Problem($"{(MayHoldUser ? "the value" : Quote(text))} is not a URL", "write " + Expected);
        if (!MayHoldUser && uri.UserInfo.Length > 0) return new Problem("the address holds a user name or password", "take it out, and put the credential under api_key");
        return uri.Fragment.Length > 0 ? new Problem("the address has a fragment ('#...')", "take it out") : null;
    }
}

/// <summary>A host and a port to listen on.</summary>
internal sealed class ListenType : ScalarType
{
    internal static readonly ListenType Instance = new();

    internal override string Name => "address";

    internal override string Expected => "HOST:PORT with an IP address, such as 127.0.0.1:4000, [::1]:4000 or 0.0.0.0:4000";

    internal override Problem? Check(string text) => ListenAddress.TryParse(text, out _) ? null : Wrong(text);
}

/// <summary>An IANA time zone.</summary>
internal sealed class TimeZoneType : ScalarType
{
    internal static readonly TimeZoneType Instance = new();

    internal override string Name => "time zone";

    internal override string Expected => "UTC or an IANA name such as Europe/Berlin";

    internal override Problem? Check(string text) => TimeZoneInfo.TryFindSystemTimeZoneById(text, out _) ? null : Wrong(text);
}

/// <summary>A regular expression that runs in linear time.</summary>
internal sealed class RegexType : ScalarType
{
    internal static readonly RegexType Instance = new();

    internal override string Name => "regular expression";

    internal override string Expected => "a .NET regular expression without lookarounds and backreferences";

    internal override Problem? Check(string text)
    {
        if (text.Length == 0) return new Problem("the expression is empty: it would match everywhere", "write " + Expected);
        try
        {
            _ = new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return null;
        }
        catch (NotSupportedException)
        {
            return new Problem("the expression needs backtracking (a lookaround, a backreference or an atomic group)", "write it without: a long text could stall the gateway");
        }
        catch (ArgumentException e)
        {
            return new Problem("the expression is broken: " + Reason(e.Message), "write " + Expected);
        }
    }

    // "Invalid pattern '(' at offset 1. Not enough )'s." The pattern itself stays out of the message.
    private static string Reason(string message) =>
        message.IndexOf(" at offset ", StringComparison.Ordinal) is var at and > 0 ? message[(at + 1)..].TrimEnd('.') : "it cannot be read";
}
