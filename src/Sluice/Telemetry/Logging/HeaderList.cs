using System.Net.Http.Headers;
using Sluice.Configuration;
using Sluice.Upstream;

namespace Sluice.Telemetry.Logging;

/// <summary>Headers for the log. Those that carry a credential are masked by their name, whatever they hold.</summary>
internal static class HeaderList
{
    private static readonly HeaderNames Hidden = new("*authorization*", "*cookie*", "*token*", "*secret*", "*api-key*", "*apikey*", "*password*", "*signature*", "x-goog-*key*", "*subscription-key*", "x-amz-security-*");

    public static IReadOnlyList<KeyValuePair<string, string>> Of(IEnumerable<KeyValuePair<string, string>> headers, Func<string, bool>? isCredential = null) =>
        [.. headers.Select(h => KeyValuePair.Create(h.Key, IsHidden(h.Key) || isCredential?.Invoke(h.Key) == true ? Secret.Mask : h.Value))];

    public static IReadOnlyList<KeyValuePair<string, string>> Of(HttpHeaders headers, Func<string, bool>? isCredential = null) =>
        Of(headers.NonValidated.Select(h => KeyValuePair.Create(h.Key, h.Value.ToString())), isCredential);

    // Limits are told in headers whose names speak of tokens: they are what one logs headers for.
    private static bool IsHidden(string name) => HeaderNames.OfCredentials.Contains(name) || (Hidden.Contains(name) && !name.Contains("ratelimit", StringComparison.OrdinalIgnoreCase));
}
