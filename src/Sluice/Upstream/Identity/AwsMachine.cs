namespace Sluice.Upstream.Identity;

/// <summary>The roles that a machine gives its programs: of a container (ECS, EKS pod identity) and of an instance (EC2, IMDSv2).</summary>
internal sealed class AwsMachine(IdentityEnvironment environment, IdentityHttp http)
{
    private const string ContainerHost = "http://169.254.170.2";
    private const string Roles = "/latest/meta-data/iam/security-credentials/";

    /// <summary>The role of the container; <see langword="null"/> where it has none.</summary>
    /// <exception cref="IdentityException">It should have one, and there is none.</exception>
    public async Task<Expiring<AwsKeys>?> OfContainerAsync(CancellationToken cancellationToken)
    {
        string? relative = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"];
        if ((relative is null ? environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] : ContainerHost + relative) is not { } text) return null;
        // A token must not be sent in the clear to just any host (https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html).
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || !(address.Scheme == Uri.UriSchemeHttps || address.IsLoopback || IsLinkLocal(address)))
        {
            throw new IdentityException("AWS_CONTAINER_CREDENTIALS_FULL_URI must be an https address, or one of this machine, of 169.254.170.2 or of 169.254.170.23");
        }
        using var message = new HttpRequestMessage(HttpMethod.Get, address);
        string? token = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] is { } file ? await TokenAsync(file, cancellationToken).ConfigureAwait(false) : environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"];
        if (token is not null) message.Headers.TryAddWithoutValidation("Authorization", token);
        var answer = await http.AskMachineAsync(message, cancellationToken).ConfigureAwait(false) ?? throw new IdentityException($"the container's credentials service at {address.Authority} does not answer");
        return answer.IsGood && AwsKeys.Read(answer.Json()) is { } keys ? keys : throw new IdentityException($"the container's credentials service at {address.Authority} answered with status {answer.Status} and no access key");
    }

    /// <summary>The role of the instance; <see langword="null"/> where no metadata service answers or it has none.</summary>
    public async Task<Expiring<AwsKeys>?> OfInstanceAsync(CancellationToken cancellationToken)
    {
        if (environment.Says("AWS_EC2_METADATA_DISABLED")) return null;
        bool v6 = string.Equals(environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"], "IPv6", StringComparison.OrdinalIgnoreCase);
        string origin = (environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? (v6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254")).TrimEnd('/');
        using var session = new HttpRequestMessage(HttpMethod.Put, origin + "/latest/api/token");
        session.Headers.TryAddWithoutValidation("X-aws-ec2-metadata-token-ttl-seconds", "21600");
        if (await http.AskMachineAsync(session, cancellationToken).ConfigureAwait(false) is not { IsGood: true } granted) return null;
        if (await GetAsync(origin + Roles, granted.Text, cancellationToken).ConfigureAwait(false) is not { IsGood: true } roles || roles.Text.Length == 0) return null;
        string role = roles.Text.Split('\n')[0].Trim();
        return await GetAsync(origin + Roles + Uri.EscapeDataString(role), granted.Text, cancellationToken).ConfigureAwait(false) is { IsGood: true } answer && AwsKeys.Read(answer.Json()) is { } keys
            ? keys
            : throw new IdentityException($"the instance's metadata service gives no access key for its role '{role}'");
    }

    private async Task<IdentityAnswer?> GetAsync(string address, string token, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, address);
        message.Headers.TryAddWithoutValidation("X-aws-ec2-metadata-token", token);
        return await http.AskMachineAsync(message, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<string> TokenAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return System.Text.Encoding.UTF8.GetString(await IdentityEnvironment.ReadAsync(file, cancellationToken).ConfigureAwait(false)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IdentityException($"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE '{file}' cannot be read");
        }
    }

    private static bool IsLinkLocal(Uri address) => address.Host is "169.254.170.2" or "169.254.170.23" or "[fd00:ec2::23]";
}
