using Sluice.Configuration;

namespace Sluice.Upstream;

/// <summary>Names of headers and patterns of them, compared without regard to case.</summary>
internal sealed class HeaderNames
{
    /// <summary>What belongs to one connection or to one message (RFC 9110, sections 6.4, 7.6.1 and 10.1.1): it never passes a gateway.</summary>
    public static HeaderNames OfConnection { get; } = new(
        "connection", "keep-alive", "proxy-connection", "proxy-*", "te", "trailer", "transfer-encoding", "upgrade", "host", "expect", "via", "date",
        "content-*", "accept-encoding", "x-sluice-*", ":*");

    /// <summary>What proves who a client is to the gateway: it must not reach a provider.</summary>
    public static HeaderNames OfCredentials { get; } = new(
        "authorization", "x-api-key", "api-key", "x-goog-api-key", "ocp-apim-subscription-key", "x-amz-security-token", "x-auth-token", "cookie", "cookie2");

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly string[] _patterns;

    public HeaderNames(params IEnumerable<string> names)
    {
        var patterns = new List<string>();
        foreach (string name in names)
        {
            if (name.Contains('*', StringComparison.Ordinal)) patterns.Add(name.ToLowerInvariant());
            else _names.Add(name);
        }
        _patterns = [.. patterns];
    }

    public bool Contains(string name)
    {
        if (_names.Contains(name)) return true;
        foreach (string pattern in _patterns)
        {
            if (Fits(pattern, name)) return true;
        }
        return false;
    }

    // Nearly all patterns are beginnings, which need no copy of the name in lower case.
    private static bool Fits(string pattern, string name) => pattern.IndexOf('*', StringComparison.Ordinal) == pattern.Length - 1
        ? name.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.OrdinalIgnoreCase)
        : Wildcard.Matches(pattern, name.ToLowerInvariant());
}
