using System.Globalization;
using Sluice.Cli.Output;
using Sluice.Pricing;

namespace Sluice.Cli.Listing;

/// <summary>Models for a person at a terminal: one table a provider.</summary>
internal static class ModelListingTable
{
    public static void Write(ModelListing listing, TextWriter output)
    {
        if (listing.Routes.Count > 0)
        {
            var routes = new TextTable("ROUTE", Column.Text("TARGETS"));
            foreach (var route in listing.Routes) routes.Add(route.Name, string.Join(", ", route.Targets.Select(t => t.Id)));
            routes.Write(output);
            output.WriteLine();
        }
        foreach (var provider in listing.Providers)
        {
            string time = provider.Duration > TimeSpan.Zero ? $", {provider.Duration.TotalMilliseconds:0} ms" : ", from the configuration";
            string count = provider.Error is null ? $"{provider.Models.Count} model{(provider.Models.Count == 1 ? "" : "s")}{time}" : Terminal.Styled("failed", TextStyle.Bad, Terminal.HasOutput);
            output.WriteLine($"{Terminal.Styled(provider.Provider.Name, TextStyle.Bold, Terminal.HasOutput)} {Terminal.Dimmed(provider.Provider.Vendor.Name, Terminal.HasOutput)}  {count}");
            if (provider.Models.Count > 0) TableOf(provider).Write(output);
            output.WriteLine();
        }
    }

    private static TextTable TableOf(ListedProvider provider)
    {
        var table = new TextTable("MODEL", Column.Number("CONTEXT"), Column.Number("USD/1M IN"), Column.Number("OUT"), Column.Text("CAN"));
        foreach (var model in provider.Models)
        {
            var (input, output) = ModelListingReport.PriceOf(model.Known);
            string can = model.Known is null ? "" : model.Known.Kind != "chat" ? model.Known.Kind : string.Join(' ', Capability.Shown.Where(c => Capability.Has(model.Known, c)));
            table.Add($"{provider.Provider.Name}/{model.Id}", Short(model.Known?.ContextWindow), Usd(input), Usd(output), can);
        }
        return table;
    }

    private static string Usd(decimal? price) => price is { } known ? Money.Text(known) : "";

    private static string Short(long? tokens) => tokens switch
    {
        null => "",
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{tokens / 1_000_000m:0.#}M"),
        >= 1_000 => string.Create(CultureInfo.InvariantCulture, $"{tokens / 1_000m:0}K"),
        _ => tokens.Value.ToString(CultureInfo.InvariantCulture),
    };
}
