namespace Sluice.Configuration;

/// <summary>What is kept in memory (<c>cache</c>).</summary>
public sealed record CacheConfig
{
    /// <summary>How long a provider's model list is kept. Default 5 min.</summary>
    public TimeSpan ModelsTtl { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>The catalogue of models and prices (<c>catalog</c>).</summary>
public sealed record CatalogConfig
{
    /// <summary>Files that extend or override the embedded catalogue, absolute paths, in order.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];
}
