using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Upstream;

/// <summary>
/// AWS Signature Version 4 in the <c>Authorization</c> header, over the host, the date and the session token
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). Not for S3, which encodes paths otherwise.
/// </summary>
/// <param name="accessKeyId">The access key id.</param>
/// <param name="secretAccessKey">The secret access key.</param>
/// <param name="sessionToken">The session token of temporary credentials.</param>
/// <param name="region">The region, e.g. <c>eu-central-1</c>.</param>
/// <param name="service">The service's name in the credential scope.</param>
internal sealed class SigV4Signer(string accessKeyId, string secretAccessKey, string? sessionToken, string region, string service)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Signs a message whose address and body are final.</summary>
    public void Sign(HttpRequestMessage message, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        string stamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string day = stamp[..8];
        var address = message.RequestUri!;
        message.Headers.TryAddWithoutValidation("X-Amz-Date", stamp);
        if (sessionToken is not null) message.Headers.TryAddWithoutValidation("X-Amz-Security-Token", sessionToken);
        string signed = sessionToken is null ? "host;x-amz-date" : "host;x-amz-date;x-amz-security-token";
        string token = sessionToken is null ? "" : $"x-amz-security-token:{sessionToken.Trim()}\n";
        string canonical = $"{message.Method.Method}\n{CanonicalPath(address)}\n{CanonicalQuery(address)}\nhost:{address.Authority}\nx-amz-date:{stamp}\n{token}\n{signed}\n{Hash(body)}";
        string scope = $"{day}/{region}/{service}/aws4_request";
        string toSign = $"{Algorithm}\n{stamp}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(canonical))}";
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + secretAccessKey);
        foreach (string part in (ReadOnlySpan<string>)[day, region, service, "aws4_request"]) key = Mac(key, part);
        string signature = Convert.ToHexStringLower(Mac(key, toSign));
        message.Headers.TryAddWithoutValidation("Authorization", $"{Algorithm} Credential={accessKeyId}/{scope}, SignedHeaders={signed}, Signature={signature}");
    }

    // What is sent is encoded once more: a model's "%3A" is signed as "%253A".
    private static string CanonicalPath(Uri address) => string.Join('/', address.AbsolutePath.Split('/').Select(Uri.EscapeDataString));

    private static string CanonicalQuery(Uri address)
    {
        if (address.Query.Length < 2) return "";
        var pairs = address.Query[1..].Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.IndexOf('=') is >= 0 and var at ? (Name: Encode(pair[..at]), Value: Encode(pair[(at + 1)..])) : (Name: Encode(pair), Value: ""))
            .OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal);
        return string.Join('&', pairs.Select(p => $"{p.Name}={p.Value}"));
    }

    private static string Encode(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    private static string Hash(ReadOnlySpan<byte> data) => Convert.ToHexStringLower(SHA256.HashData(data));

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
