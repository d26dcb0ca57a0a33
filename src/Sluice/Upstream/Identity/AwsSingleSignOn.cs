using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sluice.Upstream.Identity;

/// <summary>
/// AWS's single sign-on: the token that <c>aws sso login</c> left in <c>~/.aws/sso/cache</c>, renewed where its session may be, buys the keys of a role.
/// </summary>
internal sealed class AwsSingleSignOn(string region, IdentityEnvironment environment, IdentityHttp http, TimeProvider time)
{
    /// <summary>Fetches the keys of a profile.</summary>
    public async Task<Expiring<AwsKeys>> FetchAsync(string profile, IReadOnlyDictionary<string, string> settings, AwsProfiles profiles, CancellationToken cancellationToken)
    {
        string? session = settings.GetValueOrDefault("sso_session");
        var place = session is null ? settings : profiles.Session(session) ?? throw new IdentityException($"the sso-session '{session}' of the AWS profile '{profile}' is not in {profiles.Places}");
        if (place.GetValueOrDefault("sso_start_url") is not { Length: > 0 } start || settings.GetValueOrDefault("sso_role_name") is not { Length: > 0 } role)
        {
            throw new IdentityException($"the AWS profile '{profile}' has no sso_start_url or no sso_role_name");
        }
        string at = place.GetValueOrDefault("sso_region") ?? region;
        string token = await TokenAsync(profile, session ?? start, at, cancellationToken).ConfigureAwait(false);
        string portal = environment["AWS_ENDPOINT_URL_SSO"] ?? $"https://portal.sso.{at}.amazonaws.com";
        string query = $"role_name={Uri.EscapeDataString(role)}&account_id={Uri.EscapeDataString(settings["sso_account_id"])}";
        using var message = new HttpRequestMessage(HttpMethod.Get, $"{portal.TrimEnd('/')}/federation/credentials?{query}");
        message.Headers.TryAddWithoutValidation("x-amz-sso_bearer_token", token);
        var answer = await http.SendAsync(message, cancellationToken).ConfigureAwait(false);
        if (answer.Status == 401) throw Expired(profile);
        var json = answer.Json();
        if (answer.IsGood && json.ValueKind == JsonValueKind.Object && json.TryGetProperty("roleCredentials", out var keys) && keys.Find("accessKeyId") is { } id && keys.Find("secretAccessKey") is { } secret)
        {
            return new Expiring<AwsKeys>(new AwsKeys(id, secret, keys.Find("sessionToken")), keys.Time("expiration"));
        }
        throw new IdentityException($"single sign-on refused the role '{role}' of the AWS profile '{profile}' with status {answer.Status}{(json.Find("message") is { } why ? $" ({why})" : "")}");
    }

    private async Task<string> TokenAsync(string profile, string key, string at, CancellationToken cancellationToken)
    {
#pragma warning disable CA5350 // the name of the file, by AWS's convention; nothing is protected by it
        string name = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(key)));
#pragma warning restore CA5350
        if (environment.InHome(".aws", "sso", "cache", name + ".json") is not { } file || !File.Exists(file)) throw Expired(profile);
        byte[] content;
        try
        {
            content = await IdentityEnvironment.ReadAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IdentityException($"'{file}' cannot be read");
        }
        var json = new IdentityAnswer(200, content).Json();
        if (json.Find("accessToken") is { } token && json.Time("expiresAt") is { } expires && time.GetUtcNow() < expires - TimeSpan.FromMinutes(1)) return token;
        return await RenewAsync(json, at, cancellationToken).ConfigureAwait(false) ?? throw Expired(profile);
    }

    // The file stays the AWS tools' own: what is renewed here is renewed again when it is needed again.
    private async Task<string?> RenewAsync(JsonElement json, string at, CancellationToken cancellationToken)
    {
        if (json.Find("refreshToken") is not { } refresh || json.Find("clientId") is not { } client || json.Find("clientSecret") is not { } secret) return null;
        string service = environment["AWS_ENDPOINT_URL_SSO_OIDC"] ?? $"https://oidc.{at}.amazonaws.com";
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("clientId", client);
            writer.WriteString("clientSecret", secret);
            writer.WriteString("grantType", "refresh_token");
            writer.WriteString("refreshToken", refresh);
            writer.WriteEndObject();
        }
        using var message = new HttpRequestMessage(HttpMethod.Post, service.TrimEnd('/') + "/token") { Content = new ByteArrayContent(body.ToArray()) };
        message.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        var answer = await http.SendAsync(message, cancellationToken).ConfigureAwait(false);
        return answer.IsGood ? answer.Json().Find("accessToken") : null;
    }

    private static IdentityException Expired(string profile) =>
        new($"the session of single sign-on of the AWS profile '{profile}' is missing or has expired", $"Run 'aws sso login --profile {profile}'.");
}
