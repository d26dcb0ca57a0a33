using System.Globalization;
using Sluice.Pricing;
using Spectre.Console;

namespace Sluice.Cli.Listing;

/// <summary>Models for a person at a terminal: one table a provider.</summary>
internal static class ModelListingTable
{
    public static void Write(ModelListing listing)
    {
        if (listing.Routes.Count > 0)
        {
            var routes = New("Route", "Targets");
            foreach (var route in listing.Routes) routes.AddRow(Markup.Escape(route.Name), Markup.Escape(string.Join(", ", route.Targets.Select(t => t.Id))));
            AnsiConsole.MarkupLine("[bold]Routes[/]");
            AnsiConsole.Write(routes);
        }
        foreach (var provider in listing.Providers)
        {
            string time = provider.Duration > TimeSpan.Zero ? $", {provider.Duration.TotalMilliseconds:0} ms" : ", from the configuration";
            string count = provider.Error is null ? $"{provider.Models.Count} model{(provider.Models.Count == 1 ? "" : "s")}{time}" : "[red]failed[/]";
            AnsiConsole.MarkupLine($"[bold]{Markup.Escape(provider.Provider.Name)}[/] [dim]{Markup.Escape(provider.Provider.Vendor.Name)}[/]  {count}");
            if (provider.Models.Count > 0) AnsiConsole.Write(TableOf(provider));
        }
    }

    private static Table TableOf(ListedProvider provider)
    {
        var table = New("Model", "Context", "Can", "USD per 1M in / out");
        foreach (var model in provider.Models)
        {
            var (input, output) = ModelListingReport.PriceOf(model.Known);
            string price = input is null && output is null ? "" : output is null ? Usd(input) : $"{Usd(input)} / {Usd(output)}";
            string can = model.Known is null ? "" : model.Known.Kind != "chat" ? model.Known.Kind : string.Join(' ', Capability.Shown.Where(c => Capability.Has(model.Known, c)));
            table.AddRow(Markup.Escape($"{provider.Provider.Name}/{model.Id}"), Short(model.Known?.ContextWindow), can, price);
        }
        return table;
    }

    private static Table New(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns) table.AddColumn(new TableColumn($"[dim]{column}[/]"));
        return table;
    }

    private static string Usd(decimal? price) => price is { } known ? Money.Text(known) : "?";

    private static string Short(long? tokens) => tokens switch
    {
        null => "",
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{tokens / 1_000_000m:0.#}M"),
        >= 1_000 => string.Create(CultureInfo.InvariantCulture, $"{tokens / 1_000m:0}K"),
        _ => tokens.Value.ToString(CultureInfo.InvariantCulture),
    };
}
