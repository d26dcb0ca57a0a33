using Sluice.Catalog;
using Sluice.Cli.Hosting;
using Sluice.Cli.Output;
using Sluice.Configuration.Importing;
using Sluice.Configuration.Yaml;
using Sluice.Pricing;

namespace Sluice.Cli.Listing;

/// <summary>Models as names, one a line, and as data.</summary>
internal static class ModelListingReport
{
    public static void WriteLines(ModelListing listing, TextWriter output)
    {
        foreach (var route in listing.Routes) output.WriteLine(route.Name);
        foreach (var provider in listing.Providers)
        {
            foreach (var model in provider.Models) output.WriteLine($"{provider.Provider.Name}/{model.Id}");
        }
    }

    public static void WriteFailures(ModelListing listing, TextWriter error)
    {
        foreach (var provider in listing.Providers)
        {
            if (provider.Error is { } failed) error.WriteLine($"{provider.Provider.Name}: {failed.Message}");
            if (provider.Error is not null)
            {
                foreach (string remedy in ErrorText.Remedies(provider.Error, provider.Provider)) error.WriteLine($"  -> {remedy}");
            }
            if (provider.Unknown > 0) error.WriteLine($"{provider.Provider.Name}: {provider.Unknown} more that the catalogue does not know");
        }
        if (listing.Providers.Count == 0) error.WriteLine(ProviderNames.None);
    }

    public static MapNode Describe(ModelListing listing) => new NodeBuilder()
        .Set("routes", NodeBuilder.List(listing.Routes.Select(r => new NodeBuilder().Set("name", r.Name).Set("targets", Texts(r.Targets.Select(t => t.Id))).Build())))
        .Set("providers", NodeBuilder.List(listing.Providers.Select(Describe))).Build();

    /// <summary>USD per million tokens of input and output, now; null where not known.</summary>
    public static (decimal? Input, decimal? Output) PriceOf(CatalogModel? model) =>
        model?.Prices.At(TimeProvider.System.GetUtcNow()) is { } period ? (period.Tokens[TokenKind.Input], period.Tokens[TokenKind.Output]) : (null, null);

    private static ConfigNode Describe(ListedProvider provider) => new NodeBuilder().Set("name", provider.Provider.Name).Set("type", provider.Provider.Config.Type)
        .Set("models", NodeBuilder.List(provider.Models.Select(Describe))).Set("error", provider.Error?.Message).Build();

    private static ConfigNode Describe(ListedModel model)
    {
        var (input, output) = PriceOf(model.Known);
        return new NodeBuilder().Set("id", model.Id).Set("kind", model.Known?.Kind).Set("context_window", (decimal?)model.Known?.ContextWindow).Set("max_output_tokens", (decimal?)model.Known?.MaxOutputTokens)
            .Set("capabilities", model.Known is { } known ? Texts(Capability.Names.Where(c => Capability.Has(known, c))) : null)
            .Set("usd_per_million_input", input).Set("usd_per_million_output", output).Build();
    }

    private static ListNode Texts(IEnumerable<string> texts) => NodeBuilder.List(texts.Select(NodeBuilder.Text));
}
