using Sluice.Engine;
using Sluice.Upstream;

namespace Sluice.Access;

/// <summary>What a client presented as its credential, in whatever way: for the mask, never to be compared or kept.</summary>
internal static class ClientCredentials
{
    /// <summary>Parameters of an address that carry a credential.</summary>
    private static readonly string[] Parameters = ["key", "api_key", "api-key", "access_token"];

    public static IReadOnlyList<string> Of(InboundCall call)
    {
        List<string>? found = null;
        foreach (var (name, value) in call.Headers.All)
        {
            if (value.Length == 0 || !HeaderNames.OfCredentials.Contains(name)) continue;
            found ??= [];
            found.Add(value);
            if (name.StartsWith("cookie", StringComparison.OrdinalIgnoreCase)) found.AddRange(value.Split(';').Select(c => c[(c.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim()));
            // The key without its scheme is what others would quote.
            else if (value.LastIndexOf(' ') is > 0 and var space) found.Add(value[(space + 1)..]);
        }
        foreach (string pair in call.Request.Query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == pair.Length - 1 || !Parameters.Contains(pair[..equals], StringComparer.OrdinalIgnoreCase)) continue;
            found ??= [];
            found.Add(Uri.UnescapeDataString(pair[(equals + 1)..]));
        }
        return found ?? (IReadOnlyList<string>)[];
    }
}
