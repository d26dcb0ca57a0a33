using Sluice.Configuration;
using Sluice.Errors;

namespace Sluice.Upstream.Identity;

/// <summary>
/// Who this program is in Microsoft Entra ID, in the order of Azure's own SDKs: a client with its secret, the federated token of a workload, the managed identity of
/// App Service and Container Apps, that of a virtual machine.
/// </summary>
/// <param name="provider">The provider's name, for messages.</param>
/// <param name="config">What the configuration says; what it leaves out comes from the variables.</param>
/// <param name="environment">The variables.</param>
/// <param name="http">For the calls.</param>
/// <param name="time">The clock.</param>
internal sealed class EntraIdentity(string provider, EntraConfig config, IdentityEnvironment environment, IdentityHttp http, TimeProvider time)
{
    private string? Tenant => config.TenantId ?? environment["AZURE_TENANT_ID"];

    private string? Client => config.ClientId ?? environment["AZURE_CLIENT_ID"];

    private string Resource => config.Scope.EndsWith("/.default", StringComparison.Ordinal) ? config.Scope[..^"/.default".Length] : config.Scope;

    /// <summary>Fetches an access token.</summary>
    public async Task<Outcome<Expiring<string>>> FetchAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Tenant is { } tenant && Client is { } client)
            {
                if ((config.ClientSecret?.Reveal() ?? environment["AZURE_CLIENT_SECRET"]) is { } secret) return await OfTenantAsync(tenant, client, cancellationToken, ("client_secret", secret)).ConfigureAwait(false);
                if ((config.TokenFile ?? environment["AZURE_FEDERATED_TOKEN_FILE"]) is { } file)
                {
                    string assertion = System.Text.Encoding.UTF8.GetString(await IdentityEnvironment.ReadAsync(file, cancellationToken).ConfigureAwait(false)).Trim();
                    return await OfTenantAsync(tenant, client, cancellationToken, ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", assertion)).ConfigureAwait(false);
                }
            }
            return environment["IDENTITY_ENDPOINT"] is { } endpoint && environment["IDENTITY_HEADER"] is { } header
                ? await OfServiceAsync(endpoint, header, cancellationToken).ConfigureAwait(false)
                : await OfMachineAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IdentityException e)
        {
            return new GatewayError(ErrorKind.Authentication, $"provider '{provider}' has no credentials: {e.Message}") { Provider = provider, Guidance = e.Remedy };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new GatewayError(ErrorKind.Authentication, $"provider '{provider}' has no credentials: the file of its federated token cannot be read") { Provider = provider, Guidance = "Check AZURE_FEDERATED_TOKEN_FILE, or entra.token_file of the provider." };
        }
        catch (UriFormatException)
        {
            return new GatewayError(ErrorKind.Authentication, $"provider '{provider}' has no credentials: AZURE_AUTHORITY_HOST or IDENTITY_ENDPOINT is no address") { Provider = provider };
        }
    }

    private async Task<Expiring<string>> OfTenantAsync(string tenant, string client, CancellationToken cancellationToken, params (string Name, string Value)[] proof)
    {
        string authority = (environment["AZURE_AUTHORITY_HOST"] ?? "https://login.microsoftonline.com").TrimEnd('/');
        using var message = new HttpRequestMessage(HttpMethod.Post, $"{authority}/{Uri.EscapeDataString(tenant)}/oauth2/v2.0/token")
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "client_credentials"),
                new("client_id", client),
                new("scope", config.Scope),
                .. proof.Select(p => new KeyValuePair<string, string>(p.Name, p.Value)),
            ]),
        };
        var answer = await http.SendAsync(message, cancellationToken).ConfigureAwait(false);
        return Token(answer, $"Entra ID refused the client '{client}' of the tenant '{tenant}'");
    }

    private async Task<Expiring<string>> OfServiceAsync(string endpoint, string header, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, $"{endpoint}?api-version=2019-08-01&resource={Uri.EscapeDataString(Resource)}{ClientQuery}");
        message.Headers.TryAddWithoutValidation("X-IDENTITY-HEADER", header);
        var answer = await http.AskMachineAsync(message, cancellationToken).ConfigureAwait(false) ?? throw new IdentityException("the managed identity's service (IDENTITY_ENDPOINT) does not answer");
        return Token(answer, "the managed identity's service (IDENTITY_ENDPOINT) refused");
    }

    private async Task<Expiring<string>> OfMachineAsync(CancellationToken cancellationToken)
    {
        string origin = (environment["AZURE_POD_IDENTITY_AUTHORITY_HOST"] ?? "http://169.254.169.254").TrimEnd('/');
        using var message = new HttpRequestMessage(HttpMethod.Get, $"{origin}/metadata/identity/oauth2/token?api-version=2018-02-01&resource={Uri.EscapeDataString(Resource)}{ClientQuery}");
        message.Headers.TryAddWithoutValidation("Metadata", "true");
        var answer = await http.AskMachineAsync(message, cancellationToken).ConfigureAwait(false) ?? throw new IdentityException(
            "there is no client secret, no federated token, and no managed identity of this machine",
            "Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or AZURE_FEDERATED_TOKEN_FILE, or give the machine a managed identity with the role Cognitive Services OpenAI User.");
        return Token(answer, "the machine's managed identity was refused");
    }

    private string ClientQuery => Client is { } client ? $"&client_id={Uri.EscapeDataString(client)}" : "";

    private Expiring<string> Token(IdentityAnswer answer, string refused)
    {
        var json = answer.Json();
        if (answer.IsGood && json.Token(time.GetUtcNow()) is { } token) return token;
        // The first line says it; what follows are traces.
        string? reason = (json.Find("error_description") ?? json.Find("error") ?? json.Find("message"))?.Split('\r', '\n')[0];
        throw new IdentityException($"{refused} with status {answer.Status}{(reason is null ? "" : $" ({reason})")}");
    }
}
