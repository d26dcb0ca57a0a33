namespace Sluice.Providers;

/// <summary>Where a vendor lists its models and how the answer is read.</summary>
public sealed record VendorModelList
{
    /// <summary>The path, as a <see cref="VendorPath"/> template, with its query.</summary>
    public required string Path { get; init; }

    /// <summary>The path where the base URL ends in a version segment and that makes a difference (Azure); null elsewhere.</summary>
    public string? VersionedPath { get; init; }

    /// <summary>True when the path stands at the root of the base URL, without the version segment.</summary>
    public bool Unversioned { get; init; }

    /// <summary>Another address than the provider's (Bedrock's control plane), with placeholders; null for the provider's.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The member that holds the list; empty where the answer is the list itself.</summary>
    public required string Items { get; init; }

    /// <summary>The member of an item that is the model's id.</summary>
    public required string Id { get; init; }

    /// <summary>What stands before the id and does not belong to it (<c>models/</c>); null for nothing.</summary>
    public string? IdPrefix { get; init; }

    /// <summary>The member of the answer from which the next page is asked for; null where there is one page.</summary>
    public string? Next { get; init; }

    /// <summary>The query parameter that takes the value of <see cref="Next"/>.</summary>
    public string? NextParameter { get; init; }

    /// <summary>The boolean member that says whether there is a next page (Anthropic <c>has_more</c>); null where <see cref="Next"/> alone says it.</summary>
    public string? More { get; init; }
}
