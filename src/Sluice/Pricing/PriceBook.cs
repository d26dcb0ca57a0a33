using Sluice.Catalog;
using Sluice.Configuration;

namespace Sluice.Pricing;

/// <summary>Finds the prices that hold for a call: the target's own, else the provider's, else the catalogue's. Lookups allocate where the user set a price; callers keep the answer for a target.</summary>
public sealed class PriceBook(ModelCatalog catalog)
{
    /// <summary>The catalogue behind it.</summary>
    public ModelCatalog Catalog { get; } = catalog;

    /// <summary>What is known of a model at a provider; <see langword="null"/> for nothing.</summary>
    /// <param name="provider">The provider as configured.</param>
    /// <param name="model">The model as it was sent.</param>
    /// <param name="answered">The model as the answer names it; null where it does not. It counts more: aliases move, and Azure is sent the name of a deployment.</param>
    public CatalogModel? Model(ProviderConfig provider, string model, string? answered = null)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return (answered is null ? null : Catalog.Find(provider.Type, answered)) ?? Catalog.Find(provider.Type, model);
    }

    /// <summary>The prices of a call; <see langword="null"/> where nobody knows any.</summary>
    /// <param name="provider">The provider as configured.</param>
    /// <param name="model">The model as it was sent.</param>
    /// <param name="answered">The model as the answer names it; null where it does not.</param>
    /// <param name="target">The price written at the target; null for none.</param>
    public PriceList? For(ProviderConfig provider, string model, string? answered = null, PriceConfig? target = null)
    {
        var known = Model(provider, model, answered)?.Prices;
        return (target ?? provider.Price) is { } own ? PriceList.Of(own, known) : known;
    }
}
