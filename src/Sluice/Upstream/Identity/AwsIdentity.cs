using Sluice.Errors;

namespace Sluice.Upstream.Identity;

/// <summary>
/// Who this program is at AWS where no access key is configured, in the order of AWS's own SDKs: web identity, profile (roles, single sign-on, a process),
/// container, instance (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
/// </summary>
/// <param name="provider">The provider's name, for messages.</param>
/// <param name="profile">The profile that is to be used, and nothing else; <see langword="null"/> for the first that is found.</param>
/// <param name="region">The region of the provider.</param>
/// <param name="environment">The variables.</param>
/// <param name="http">For the calls.</param>
/// <param name="time">The clock.</param>
internal sealed class AwsIdentity(string provider, string? profile, string region, IdentityEnvironment environment, IdentityHttp http, TimeProvider time)
{
    private static readonly string[] Naming =
        ["AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_EC2_METADATA_SERVICE_ENDPOINT"];

    private readonly AwsTokenService _tokens = new(region, environment, http, time);

    /// <summary>True where something says who this program is, so that it is worth asking also for an address of one's own.</summary>
    public bool IsNamed => profile is not null || Naming.Any(name => environment[name] is not null);

    /// <summary>Fetches keys from the first source that there is.</summary>
    public async Task<Outcome<Expiring<AwsKeys>>> FetchAsync(CancellationToken cancellationToken)
    {
        try
        {
            string? named = profile ?? environment["AWS_PROFILE"];
            if (profile is null && environment["AWS_WEB_IDENTITY_TOKEN_FILE"] is { } file && environment["AWS_ROLE_ARN"] is { } role)
            {
                return await _tokens.WithWebIdentityAsync(role, file, environment["AWS_ROLE_SESSION_NAME"], cancellationToken).ConfigureAwait(false);
            }
            var profiles = AwsProfiles.Read(environment);
            if (named is not null || profiles.Find("default") is not null)
            {
                var chosen = new AwsProfileCredentials(profiles, environment, _tokens, new AwsSingleSignOn(region, environment, http, time), new AwsMachine(environment, http));
                if (await chosen.FetchAsync(named ?? "default", isNamed: named is not null, cancellationToken).ConfigureAwait(false) is { } ofProfile) return ofProfile;
            }
            var machine = new AwsMachine(environment, http);
            return await machine.OfContainerAsync(cancellationToken).ConfigureAwait(false) ?? await machine.OfInstanceAsync(cancellationToken).ConfigureAwait(false) ?? throw Nothing();
        }
        catch (IdentityException e)
        {
            return new GatewayError(ErrorKind.Authentication, $"provider '{provider}' has no credentials: {e.Message}") { Provider = provider, Guidance = e.Remedy };
        }
        catch (UnauthorizedAccessException e)
        {
            return new GatewayError(ErrorKind.Authentication, $"provider '{provider}' has no credentials: {e.Message}") { Provider = provider };
        }
    }

    private static IdentityException Nothing() => new(
        "no access key, web identity (AWS_WEB_IDENTITY_TOKEN_FILE), profile, container role (AWS_CONTAINER_CREDENTIALS_FULL_URI) or instance role was found",
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), AWS_PROFILE or AWS_BEARER_TOKEN_BEDROCK, write aws or api_key at the provider, or give the container or instance a role.");
}

/// <summary>Why an identity gives no credential. Does not leave this folder.</summary>
internal sealed class IdentityException(string message, string? remedy = null) : Exception(message)
{
    /// <summary>What the user can do; <see langword="null"/> for nothing special.</summary>
    public string? Remedy { get; } = remedy;
}
