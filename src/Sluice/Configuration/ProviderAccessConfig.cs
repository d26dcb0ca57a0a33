namespace Sluice.Configuration;

/// <summary>One API key of a provider (<c>api_key</c>, <c>api_keys</c>, <c>api_key_file</c>).</summary>
public sealed record ProviderKeyConfig
{
    /// <summary>A name for messages, logs and metrics; never the key. Default <c>NAME#1</c>, <c>NAME#2</c> ...</summary>
    public required string Name { get; init; }

    /// <summary>The key.</summary>
    public required Secret Value { get; init; }

    /// <summary>Its share under <see cref="KeyStrategy.Weighted"/>. Default 1.</summary>
    public int Weight { get; init; } = 1;
}

/// <summary>How one of a provider's keys is chosen (<c>key_strategy</c>).</summary>
public enum KeyStrategy
{
    /// <summary>Each in turn.</summary>
    RoundRobin,

    /// <summary>By weight.</summary>
    Weighted,

    /// <summary>The one with the fewest tokens used in the last minute.</summary>
    LeastUsed,
}

/// <summary>How the credential travels (<c>auth</c>).</summary>
public sealed record AuthConfig
{
    /// <summary>The way.</summary>
    public required AuthScheme Scheme { get; init; }

    /// <summary>The header of <see cref="AuthScheme.Header"/>, or the parameter of <see cref="AuthScheme.Query"/>.</summary>
    public string? Name { get; init; }

    /// <summary>Text put before the key in the header, e.g. <c>Token </c>.</summary>
    public string? Prefix { get; init; }
}

/// <summary>The ways a credential travels.</summary>
public enum AuthScheme
{
    /// <summary><c>Authorization: Bearer KEY</c>.</summary>
    Bearer,

    /// <summary>A header of its own.</summary>
    Header,

    /// <summary>A query parameter.</summary>
    Query,

    /// <summary>Nothing is sent.</summary>
    None,

    /// <summary>The client's own credential is passed on.</summary>
    Passthrough,

    /// <summary>A token of Microsoft Entra ID in <c>Authorization</c>.</summary>
    Entra,
}

/// <summary>TLS towards an upstream (<c>tls</c>).</summary>
public sealed record TlsConfig
{
    /// <summary>Certificates are verified by the system's authorities.</summary>
    public static TlsConfig Default { get; } = new();

    /// <summary>Whether the certificate is verified. Default true; false is warned about at every start.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>A PEM file of further authorities.</summary>
    public string? CaFile { get; init; }

    /// <summary>The certificate that the gateway shows.</summary>
    public CertificateConfig? ClientCertificate { get; init; }
}

/// <summary>A proxy towards an upstream (<c>proxy</c>).</summary>
public sealed record ProxyConfig
{
    /// <summary>The address, without credentials; null means that no proxy is used even if the environment names one.</summary>
    public Uri? Address { get; init; }

    /// <summary>The user name.</summary>
    public string? User { get; init; }

    /// <summary>The password.</summary>
    public Secret? Password { get; init; }
}

/// <summary>AWS region and credentials (<c>region</c>, <c>aws</c>); what is null comes from the AWS environment variables, else from the shared credentials file.</summary>
public sealed record AwsConfig
{
    /// <summary>The region, e.g. <c>eu-central-1</c>.</summary>
    public string? Region { get; init; }

    /// <summary>The access key id.</summary>
    public string? AccessKeyId { get; init; }

    /// <summary>The secret access key.</summary>
    public Secret? SecretAccessKey { get; init; }

    /// <summary>The session token of temporary credentials.</summary>
    public Secret? SessionToken { get; init; }

    /// <summary>A profile of the shared credentials file.</summary>
    public string? Profile { get; init; }
}
