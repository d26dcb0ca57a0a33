namespace Sluice.Access;

/// <summary>The admin key that was made, where the configuration has none: kept among the keys, hashed like them, under a name that no key may have.</summary>
internal static class AdminKey
{
    /// <summary>Its id and name.</summary>
    public const string Id = "admin";
}
