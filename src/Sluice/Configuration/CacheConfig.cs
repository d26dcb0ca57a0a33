namespace Sluice.Configuration;

/// <summary>What may be answered again without asking a provider (<c>cache</c>).</summary>
public sealed record CacheConfig
{
    /// <summary>The response cache; null (the default) means off.</summary>
    public ResponseCacheConfig? Responses { get; init; }

    /// <summary>How long a provider's model list is kept. Default 5 min.</summary>
    public TimeSpan ModelsTtl { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>The response cache (<c>cache.responses</c>).</summary>
public sealed record ResponseCacheConfig
{
    /// <summary>How long an answer may be given again. Default 10 min.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How much memory it may take, in bytes. Default 256 MiB.</summary>
    public long MaxSize { get; init; } = 256L << 20;

    /// <summary>Whether keys share answers. Default false: each key sees its own.</summary>
    public bool Shared { get; init; }
}

/// <summary>The catalogue of models and prices (<c>catalog</c>).</summary>
public sealed record CatalogConfig
{
    /// <summary>Files that extend or override the embedded catalogue, absolute paths, in order.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];
}
