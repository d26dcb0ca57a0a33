using System.Text.Json;

namespace Sluice.Upstream.Identity;

/// <summary>An access key of AWS.</summary>
/// <param name="AccessKeyId">Its id.</param>
/// <param name="SecretAccessKey">The secret.</param>
/// <param name="SessionToken">The session token of a temporary one.</param>
internal sealed record AwsKeys(string AccessKeyId, string SecretAccessKey, string? SessionToken)
{
    /// <summary>Reads the JSON of metadata services and of <c>credential_process</c>; <see langword="null"/> where there is no key.</summary>
    public static Expiring<AwsKeys>? Read(JsonElement json) =>
        json.Find("AccessKeyId") is { } id && json.Find("SecretAccessKey") is { } secret
            ? new Expiring<AwsKeys>(new AwsKeys(id, secret, json.Find("Token") ?? json.Find("SessionToken")), json.Time("Expiration"))
            : null;
}
