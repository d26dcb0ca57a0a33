using System.Collections.Concurrent;
using System.Text.Json;
using Sluice.Providers;

namespace Sluice.Catalog;

/// <summary>
/// What is known of models and their prices: the embedded files, and over them those of the user. Immutable; nothing is read before
/// somebody asks for a model of that provider.
/// </summary>
public sealed class ModelCatalog
{
    private const string ResourcePrefix = "Sluice.Catalog.Data.";

    private static readonly HashSet<string> EmbeddedProviders = typeof(ModelCatalog).Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith(ResourcePrefix, StringComparison.Ordinal)).Select(n => n[ResourcePrefix.Length..^".json".Length])
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    private readonly IReadOnlyList<ProviderModels> _overrides;
    private readonly ConcurrentDictionary<string, ProviderModels> _embedded;

    private ModelCatalog(IReadOnlyList<ProviderModels> overrides, ConcurrentDictionary<string, ProviderModels> embedded)
    {
        _overrides = overrides;
        _embedded = embedded;
    }

    /// <summary>The embedded catalogue alone.</summary>
    public static ModelCatalog Embedded { get; } = new([], new(StringComparer.OrdinalIgnoreCase));

    /// <summary>All providers with records, in order of their names.</summary>
    public IReadOnlyList<string> Providers => [.. EmbeddedProviders.Concat(_overrides.Select(o => o.Provider)).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];

    /// <summary>Finds the record that an id means.</summary>
    /// <param name="provider">A provider of the catalogue or a vendor's type (<c>gemini</c>, <c>vertex</c>, <c>openai-responses</c>).</param>
    /// <param name="model">The id as it was sent, or better as the answer names it.</param>
    /// <returns><see langword="null"/> where no rule matches. Another provider's list is never asked: the same id costs different money there.</returns>
    public CatalogModel? Find(string provider, string model)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(model);
        if (FindIn(provider, model) is { } found) return found;
        if (EmbeddedProviders.Contains(provider) || Vendors.Find(provider) is not { } vendor) return null;
        foreach (string name in vendor.Catalog)
        {
            if (FindIn(name, model) is { } known) return known;
        }
        return null;
    }

    /// <summary>Whether there are records for a provider of the catalogue or a vendor's type.</summary>
    public bool HasModels(string provider) => Has(provider) || Vendors.Find(provider)?.Catalog.Any(Has) == true;

    /// <summary>The records of a provider, the user's own first; all providers' for null.</summary>
    public IEnumerable<CatalogModel> Models(string? provider = null)
    {
        foreach (string name in provider is null ? Providers : [provider])
        {
            var own = _overrides.Where(o => Same(o.Provider, name)).Reverse().SelectMany(o => o.All).DistinctBy(m => m.Id, StringComparer.OrdinalIgnoreCase).ToList();
            var hidden = own.Select(m => m.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var model in own.Concat(Load(name)?.All.Where(m => !hidden.Contains(m.Id)) ?? [])) yield return model;
        }
    }

    /// <summary>The same catalogue with files of the user over it, the later over the earlier.</summary>
    /// <param name="files">Paths of files in the schema of <c>docs/catalogue.md</c>.</param>
    /// <param name="faults">What is wrong with them; such a file is left out.</param>
    public ModelCatalog With(IEnumerable<string> files, out IReadOnlyList<string> faults)
    {
        var overrides = _overrides.ToList();
        var found = new List<string>();
        foreach (string file in files) overrides.AddRange(CatalogFiles.Read(file, this, found));
        faults = found;
        return new ModelCatalog(overrides, _embedded);
    }

    /// <summary>The models of a text in our schema, over this catalogue.</summary>
    internal IReadOnlyList<CatalogModel> Parse(string file, string text, out IReadOnlyList<string> faults)
    {
        var found = new List<string>();
        var models = CatalogFiles.Parse(file, System.Text.Encoding.UTF8.GetBytes(text), this, found);
        faults = found;
        return [.. models.SelectMany(m => m.All)];
    }

    /// <summary>The record of exactly this id as JSON, which a user's record of the same id extends.</summary>
    internal JsonElement? Record(string provider, string id)
    {
        foreach (var record in Load(provider)?.Records ?? [])
        {
            if (Same(record.GetProperty("id").GetString()!, id)) return record;
        }
        return null;
    }

    private CatalogModel? FindIn(string provider, string model)
    {
        for (int i = _overrides.Count - 1; i >= 0; i--)
        {
            if (Same(_overrides[i].Provider, provider) && _overrides[i].Find(model) is { } own) return own;
        }
        if (Load(provider) is not { } models) return null;
        if (models.Find(model) is { } known) return known;
        string name = models.NamesPublishers ? model[(model.LastIndexOf('/') + 1)..] : model;
        return (name.Length < model.Length ? models.Find(name) : null) ?? (models.FallsBackTo is { } other ? FindIn(other, name) : null);
    }

    private bool Has(string provider) => EmbeddedProviders.Contains(provider) || _overrides.Any(o => Same(o.Provider, provider));

    private ProviderModels? Load(string provider) => EmbeddedProviders.TryGetValue(provider, out string? name) ? _embedded.GetOrAdd(name, LoadEmbedded) : null;

    private static ProviderModels LoadEmbedded(string provider)
    {
        using var stream = typeof(ModelCatalog).Assembly.GetManifestResourceStream($"{ResourcePrefix}{provider}.json")!;
        // The document lives as long as the process: records are read from it on demand.
        return ProviderModels.Load(JsonDocument.Parse(stream).RootElement, origin: null);
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
