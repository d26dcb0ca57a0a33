namespace Sluice.Providers;

/// <summary>Addresses that stay as they are spelled: nothing folds <c>..</c>, turns a backslash or decodes a sign in them.</summary>
internal static class ExactUri
{
    private static readonly UriCreationOptions Exact = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The address of a text whose parts are escaped already.</summary>
    public static Uri Of(string address) => new(address, in Exact);
}
