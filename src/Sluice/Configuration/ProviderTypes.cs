using Sluice.Providers;

namespace Sluice.Configuration;

/// <summary>The types that a provider may have, and what each needs in order to be used: read from the vendor file.</summary>
public static class ProviderTypes
{
    /// <summary>All types, in the order of the vendor file.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Vendors.All.Select(vendor => vendor.Id)];

    /// <summary>The types that are looked for where nothing is configured: each whose key has a variable of its own.</summary>
    internal static IReadOnlyList<string> Discovered { get; } =
        [.. Vendors.All.Where(vendor => NeedsKey(vendor.Id) && KeyVariables(vendor.Id).Count > 0).DistinctBy(vendor => vendor.KeyVariables[0]).Select(vendor => vendor.Id)];

    /// <summary>Whether the type has no address of its own, so that <c>base_url</c> must be written.</summary>
    internal static bool NeedsBaseUrl(string type) => Vendors.Find(type) is { BaseUrl: null };

    /// <summary>Whether every server of this type asks for a key.</summary>
    internal static bool NeedsKey(string type) => Vendors.Find(type) is { KeyOptional: false } vendor && TakesKey(vendor);

    /// <summary>The variables that hold the type's API key by common usage, the first choice first; empty where it has none.</summary>
    internal static IReadOnlyList<string> KeyVariables(string type) => Vendors.Find(type) is { } vendor && TakesKey(vendor) ? vendor.KeyVariables : [];

    /// <summary>The variables that hold the type's address by common usage; heeded only where nothing is configured.</summary>
    internal static IReadOnlyList<string> BaseUrlVariables(string type) => Vendors.Find(type)?.BaseUrlVariables ?? [];

    // AWS and Google Cloud credentials are not one key in one variable.
    private static bool TakesKey(VendorDescriptor vendor) => vendor.Auth.Scheme is not (VendorAuthScheme.SigV4 or VendorAuthScheme.GoogleOAuth or VendorAuthScheme.None);
}
