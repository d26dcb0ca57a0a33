using System.Net;
using Microsoft.AspNetCore.Http;
using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Gateway.Admin;

namespace Sluice.Gateway.Http;

/// <summary>
/// Keeps web pages away from a gateway on loopback that asks for no key. Any page may have its browser post to 127.0.0.1 (that costs money), and one whose name is made to
/// resolve to 127.0.0.1 may read the answers too. Browsers say of whom they speak: <c>Host</c> is the name that the page used, <c>Origin</c> the page.
/// </summary>
internal static class BrowserGuard
{
    private const int MostShown = 100;

    /// <summary>Why a request is refused; <see langword="null"/> where it may pass.</summary>
    public static GatewayError? Refusal(HttpContext context, SluiceConfig config)
    {
        var server = config.Server;
        bool isOpen = !config.Keys.Required && Listen(context, config).IsLoopback;
        if (!isOpen && server.Hosts.Count == 0) return null;
        var headers = context.Request.Headers;
        string host = headers.Host.ToString();
        // Only clients of HTTP/1.0 and hand-written ones send none; a browser always does.
        if (host.Length > 0 && !IsOwnName(NameOf(host), server.Hosts)) return WrongHost(host);
        if (!isOpen) return null;
        string origin = headers.Origin.ToString();
        if (origin.Length > 0) return IsOwnOrigin(origin, server.Hosts) || Cors.Allows(server.Cors, origin) ? null : Foreign($"the page at {Shown(origin)}");
        return IsCrossSite(context.Request) ? Foreign("a page of another site") : null;
    }

    private static ListenAddress Listen(HttpContext context, SluiceConfig config) => AdminListener.Took(context) ? config.Admin.Listen! : config.Server.Listen;

    private static bool IsOwnName(ReadOnlySpan<char> name, IReadOnlyList<string> hosts)
    {
        if (IsLoopback(name)) return true;
        foreach (string own in hosts)
        {
            if (own.StartsWith("*.", StringComparison.Ordinal) ? name.Length >= own.Length && name.EndsWith(own.AsSpan(1), StringComparison.OrdinalIgnoreCase) : name.Equals(own, StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }

    // No name server is asked for names below localhost (RFC 6761, section 6.3).
    private static bool IsLoopback(ReadOnlySpan<char> name) => name.Equals("127.0.0.1", StringComparison.Ordinal) || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));

    // What runs on this machine can call without a browser too. "null" is what any page can make its browser send.
    private static bool IsOwnOrigin(string origin, IReadOnlyList<string> hosts)
    {
        int start = origin.IndexOf("://", StringComparison.Ordinal);
        return start > 0 && origin.StartsWith("http", StringComparison.OrdinalIgnoreCase) && !origin.AsSpan(start + 3).ContainsAny("/@, ") && IsOwnName(NameOf(origin.AsSpan(start + 3)), hosts);
    }

    // Browsers leave out Origin for some requests of pages, and say there where they come from. Following a link to here is no harm.
    private static bool IsCrossSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] == "cross-site" && !(request.Headers["Sec-Fetch-Mode"] == "navigate" && HttpMethods.IsGet(request.Method));

    // The name without its port and the dot of the root; an IPv6 address stands in brackets.
    private static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> authority)
    {
        int colon = authority.LastIndexOf(':');
        if (colon >= 0 && authority.LastIndexOf(']') < colon) authority = authority[..colon];
        return authority.Length > 1 && authority[^1] == '.' ? authority[..^1] : authority;
    }

    private static GatewayError WrongHost(string host) => new(ErrorKind.Permission, $"this gateway does not answer to the name {Shown(host)}: call it by a loopback address, or add the name to server.hosts")
    {
        Status = StatusCodes.Status421MisdirectedRequest,
        Code = "unknown_host",
    };

    private static GatewayError Foreign(string page) => new(ErrorKind.Permission, $"{page} may not call this gateway, which asks for no key: add its origin to server.cors.origins, or set keys.required")
    {
        Status = StatusCodes.Status403Forbidden,
        Code = "foreign_origin",
    };

    private static string Shown(string text) => $"'{(text.Length <= MostShown ? text : text[..MostShown] + "...")}'";
}
