namespace Sluice.Providers;

/// <summary>How a vendor wants its credential.</summary>
/// <param name="Scheme">The way.</param>
/// <param name="Name">The header of <see cref="VendorAuthScheme.Header"/> or the parameter of <see cref="VendorAuthScheme.Query"/>; null elsewhere.</param>
public sealed record VendorAuth(VendorAuthScheme Scheme, string? Name);

/// <summary>The ways a vendor takes a credential.</summary>
public enum VendorAuthScheme
{
    /// <summary><c>Authorization: Bearer KEY</c>.</summary>
    Bearer,

    /// <summary>A header of its own, e.g. <c>x-api-key</c>.</summary>
    Header,

    /// <summary>A query parameter.</summary>
    Query,

    /// <summary>None is asked for.</summary>
    None,

    /// <summary>AWS Signature Version 4.</summary>
    SigV4,

    /// <summary>A Google access token, fetched with a service account or the application default credentials.</summary>
    GoogleOAuth,

    /// <summary>A token of Microsoft Entra ID.</summary>
    Entra,
}
