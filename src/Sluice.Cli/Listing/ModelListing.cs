using Sluice.Catalog;
using Sluice.Errors;
using Sluice.Routing;

namespace Sluice.Cli.Listing;

/// <summary>The models to show, each with what the catalogue knows of it.</summary>
internal sealed record ModelListing(IReadOnlyList<RouteModel> Routes, IReadOnlyList<ListedProvider> Providers)
{
    /// <summary>Chooses what has all capabilities.</summary>
    public static ModelListing Of(GatewayModel gateway, IEnumerable<(ProviderModel Provider, Sluice.Models.ProviderModels List)> lists, ModelCatalog catalog, IReadOnlyList<string> capabilities, bool withRoutes)
    {
        var providers = lists.Select(pair =>
        {
            var models = pair.List.Models.Select(id => new ListedModel(id, catalog.Find(pair.Provider.Config.Type, id))).ToList();
            var shown = models.Where(m => capabilities.All(c => Capability.Has(m.Known, c))).ToList();
            int unknown = capabilities.Count == 0 ? 0 : models.Count(m => m.Known is null);
            return new ListedProvider(pair.Provider, shown, unknown, pair.List.Error, pair.List.Duration);
        }).ToList();
        var routes = !withRoutes ? [] : gateway.Routes.Where(r => capabilities.All(c => r.Targets.Any(t => Capability.Has(catalog.Find(t.Provider.Config.Type, t.Model), c)))).ToList();
        return new ModelListing(routes, providers);
    }
}

/// <summary>A provider and its models.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Models">Those that are shown.</param>
/// <param name="Unknown">How many are not shown because the catalogue does not know them.</param>
/// <param name="Error">Why there are none.</param>
/// <param name="Duration">How long it took; zero for a list from the configuration.</param>
internal sealed record ListedProvider(ProviderModel Provider, IReadOnlyList<ListedModel> Models, int Unknown, GatewayError? Error, TimeSpan Duration);

/// <summary>A model.</summary>
/// <param name="Id">Its name at the provider.</param>
/// <param name="Known">What the catalogue knows; null for nothing.</param>
internal sealed record ListedModel(string Id, CatalogModel? Known);
