using System.Text.Json;
using Sluice.Errors;

namespace Sluice.Upstream.Identity;

/// <summary>Who this program is at Google Cloud: what a credentials file says, else the service account of the machine (https://cloud.google.com/docs/authentication/application-default-credentials).</summary>
/// <param name="provider">The provider's name, for messages.</param>
/// <param name="file">The credentials file; <see langword="null"/> for none.</param>
/// <param name="environment">The variables.</param>
/// <param name="http">For the calls.</param>
/// <param name="time">The clock.</param>
internal sealed class GoogleIdentity(string provider, string? file, IdentityEnvironment environment, IdentityHttp http, TimeProvider time)
{
    private const string Metadata = "metadata.google.internal";

    /// <summary>True where something says who this program is, so that it is worth asking also for an address of one's own.</summary>
    public bool IsNamed => file is not null || environment["GCE_METADATA_HOST"] is not null;

    /// <summary>Fetches an access token.</summary>
    public async Task<Outcome<Expiring<string>>> FetchAsync(CancellationToken cancellationToken)
    {
        try
        {
            return file is null ? await OfMachineAsync(cancellationToken).ConfigureAwait(false) : await OfFileAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch (IdentityException e)
        {
            return new GatewayError(ErrorKind.Authentication, $"provider '{provider}' {e.Message}") { Provider = provider, Guidance = e.Remedy };
        }
        catch (FormatException e)
        {
            return new GatewayError(ErrorKind.Authentication, $"provider '{provider}': the credentials file '{file}' cannot be used: {e.Message}") { Provider = provider };
        }
        catch (Exception e) when (file is not null && e is IOException or UnauthorizedAccessException)
        {
            return new GatewayError(ErrorKind.Authentication, $"provider '{provider}': the credentials file '{file}' (credentials_file or GOOGLE_APPLICATION_CREDENTIALS), or a file that it names, cannot be read") { Provider = provider };
        }
        catch (HttpRequestException) when (file is not null)
        {
            return new GatewayError(ErrorKind.Network, $"provider '{provider}': the token endpoint named in '{file}' could not be reached") { Provider = provider };
        }
    }

    private async Task<Expiring<string>> OfFileAsync(string path, CancellationToken cancellationToken)
    {
        byte[] content = await IdentityEnvironment.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        return await OfContentAsync(path, content, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Expiring<string>> OfContentAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        var json = new IdentityAnswer(200, content).Json();
        switch (json.Find("type"))
        {
            case "external_account":
                return await new GoogleWorkloadIdentity(path, json, http, time).FetchAsync(cancellationToken).ConfigureAwait(false);
            case "impersonated_service_account" when json.Find("service_account_impersonation_url") is { } impersonation && json.TryGetProperty("source_credentials", out var source):
                var own = await OfContentAsync(path, System.Text.Encoding.UTF8.GetBytes(source.GetRawText()), cancellationToken).ConfigureAwait(false);
                return await GoogleWorkloadIdentity.ImpersonateAsync(path, impersonation, own.Value, http, cancellationToken).ConfigureAwait(false);
        }
        var (address, form) = GoogleKeyFile.Request(content, time.GetUtcNow());
        using var message = new HttpRequestMessage(HttpMethod.Post, address) { Content = form };
        var answer = await http.SendAsync(message, cancellationToken).ConfigureAwait(false);
        if (answer.IsGood && answer.Json().Token(time.GetUtcNow()) is { } token) return token;
        throw Refused(path, answer);
    }

    // The metadata server of Compute Engine, GKE, Cloud Run and the like.
    private async Task<Expiring<string>> OfMachineAsync(CancellationToken cancellationToken)
    {
        string host = environment["GCE_METADATA_HOST"] ?? Metadata;
        using var message = new HttpRequestMessage(HttpMethod.Get, $"http://{host}/computeMetadata/v1/instance/service-accounts/default/token");
        message.Headers.TryAddWithoutValidation("Metadata-Flavor", "Google");
        var answer = await http.AskMachineAsync(message, cancellationToken).ConfigureAwait(false) ?? throw new IdentityException(
            $"has no credentials: there is no credentials file, and no metadata server of Google at {host}",
            "Set GOOGLE_APPLICATION_CREDENTIALS or write credentials_file at the provider: the JSON file of a service account or of workload identity federation; or run 'gcloud auth application-default login'.");
        if (answer.IsGood && answer.Json().Token(time.GetUtcNow()) is { } token) return token;
        throw new IdentityException($"has no credentials: the metadata server at {host} answered with status {answer.Status} and no token", "Give the machine, or the Kubernetes service account, a service account with the scope cloud-platform.");
    }

    /// <summary>The refusal of a token endpoint.</summary>
    internal static IdentityException Refused(string path, IdentityAnswer answer)
    {
        var json = answer.Json();
        if (json.ValueKind != JsonValueKind.Object) return new IdentityException($"has no credentials: the token endpoint named in '{path}' answered with status {answer.Status} and something that is no JSON");
        string? reason = json.Find("error") ?? (json.TryGetProperty("error", out var error) ? error.Find("message") : null);
        return new IdentityException($"has no credentials: the token endpoint refused the credentials of '{path}' with status {answer.Status}{(reason is null ? "" : $" ({reason})")}");
    }
}
