using System.Text;
using System.Text.Json;

namespace Sluice.Upstream.Identity;

/// <summary>
/// Workload identity federation (<c>external_account</c>): a token of another identity provider, out of a file or from an address, is exchanged for Google's, and
/// that, where the file says so, for a service account's (https://google.aip.dev/auth/4117).
/// </summary>
/// <param name="path">The credentials file, for messages.</param>
/// <param name="json">Its content.</param>
/// <param name="http">For the calls.</param>
/// <param name="time">The clock.</param>
internal sealed class GoogleWorkloadIdentity(string path, JsonElement json, IdentityHttp http, TimeProvider time)
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    /// <summary>Fetches an access token.</summary>
    public async Task<Expiring<string>> FetchAsync(CancellationToken cancellationToken)
    {
        string subject = await SubjectAsync(cancellationToken).ConfigureAwait(false);
        using var message = new HttpRequestMessage(HttpMethod.Post, Address(Required("token_url"), "token_url"))
        {
            Content = new FormUrlEncodedContent([
                new("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
                new("audience", Required("audience")),
                new("scope", Scope),
                new("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
                new("subject_token", subject),
                new("subject_token_type", Required("subject_token_type"))]),
        };
        var answer = await http.SendAsync(message, cancellationToken).ConfigureAwait(false);
        if (!answer.IsGood || answer.Json().Token(time.GetUtcNow()) is not { } token) throw GoogleIdentity.Refused(path, answer);
        return json.Find("service_account_impersonation_url") is { } impersonation ? await ImpersonateAsync(path, impersonation, token.Value, http, cancellationToken).ConfigureAwait(false) : token;
    }

    /// <summary>Exchanges a token for a service account's.</summary>
    public static async Task<Expiring<string>> ImpersonateAsync(string path, string address, string token, IdentityHttp http, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, Address(address, "service_account_impersonation_url"))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes($$"""{"scope":["{{Scope}}"]}""")),
        };
        message.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        var answer = await http.SendAsync(message, cancellationToken).ConfigureAwait(false);
        var json = answer.Json();
        return answer.IsGood && json.Find("accessToken") is { } own ? new Expiring<string>(own, json.Time("expireTime")) : throw GoogleIdentity.Refused(path, answer);
    }

    private async Task<string> SubjectAsync(CancellationToken cancellationToken)
    {
        var source = json.TryGetProperty("credential_source", out var given) ? given : default;
        IdentityAnswer found;
        if (source.Find("file") is { } file)
        {
            found = new IdentityAnswer(200, await IdentityEnvironment.ReadAsync(file, cancellationToken).ConfigureAwait(false));
        }
        else if (source.Find("url") is { } url)
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, Address(url, "credential_source.url"));
            if (source.TryGetProperty("headers", out var headers) && headers.ValueKind == JsonValueKind.Object)
            {
                foreach (var header in headers.EnumerateObject()) message.Headers.TryAddWithoutValidation(header.Name, header.Value.ToString());
            }
            found = await http.AskMachineAsync(message, cancellationToken).ConfigureAwait(false) ?? throw new IdentityException($"has no credentials: the credential_source of '{path}' at {url} does not answer");
            if (!found.IsGood) throw new IdentityException($"has no credentials: the credential_source of '{path}' at {url} answered with status {found.Status}");
        }
        else
        {
            throw new FormatException("its credential_source is neither a file nor a url; those of AWS and of programs are not taken");
        }
        var format = source.TryGetProperty("format", out var how) ? how : default;
        if (format.Find("type") != "json") return found.Text;
        string member = format.Find("subject_token_field_name") ?? "access_token";
        return found.Json().Find(member) ?? throw new FormatException($"its credential_source has no '{member}'");
    }

    private string Required(string name) => json.Find(name) ?? throw new FormatException($"it has no {name}");

    private static Uri Address(string text, string name) => Uri.TryCreate(text, UriKind.Absolute, out var address) ? address : throw new FormatException($"its {name} is no address");
}
