using System.CommandLine;
using System.Globalization;
using Sluice.Catalog;
using Sluice.Cli.Hosting;
using Sluice.Cli.Output;
using Sluice.Pricing;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice catalog list</c>.</summary>
internal static class CatalogListCommand
{
    public static Command Create()
    {
        var catalog = new CatalogSource();
        var provider = new Option<string?>("--provider", "-p") { Description = "Only this provider's models", HelpName = "NAME" };
        var capability = new Option<string[]>("--capability") { Description = "Only models that certainly have it: tools, vision, audio, documents, json_schema, reasoning ...; may be repeated", HelpName = "NAME", DefaultValueFactory = _ => [] };
        var kind = new Option<string?>("--kind") { Description = "Only models of this kind: chat, embedding, rerank, image ...", HelpName = "KIND" };
        var all = new Option<bool>("--all") { Description = "Retired models, too" };
        var format = OutputFormat.Option();
        var command = new Command("list", "List the models that the catalogue knows, with today's prices in USD per million tokens.")
            .WithExamples("sluice catalog list --provider anthropic", "sluice catalog list --capability vision --kind chat --output json");
        catalog.AddTo(command);
        foreach (var option in (Option[])[provider, capability, kind, all, format]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            if (catalog.Load(parsed) is not { } priced) return ExitCodes.ConfigurationInvalid;
            var writer = parsed.InvocationConfiguration;
            string? only = parsed.GetValue(provider) is { } name ? CatalogName(priced, name) : null;
            if (parsed.GetValue(provider) is { } unknown && only is null)
            {
                writer.Error.WriteLine($"sluice: the catalogue has no provider '{unknown}'; it has {string.Join(", ", priced.Catalog.Providers)}");
                return ExitCodes.WrongUsage;
            }
            var models = priced.Catalog.Models(only)
                .Where(m => parsed.GetValue(all) || m.Status != "retired")
                .Where(m => parsed.GetValue(kind) is not { } wanted || m.Kind == wanted)
                .Where(m => parsed.GetValue(capability)!.All(c => m.Can(c) == true))
                .ToList();
            var now = TimeProvider.System.GetUtcNow();
            if (parsed.GetValue(format) is { } data and not "table") writer.Output.Write(CatalogJson.WriteList(models, now, data));
            else if (models.Count > 0) WriteTable(writer.Output, models, now);
            else writer.Error.WriteLine(only is not null && !priced.Catalog.HasModels(only)
                ? $"sluice: no prices of {only} are built in; a file of yours can have them (docs/catalogue.md, sluice catalog import)"
                : "sluice: no model of the catalogue is like that");
            return ExitCodes.Done;
        });
        return command;
    }

    // The type of a provider is taken, too: gemini for google, vertex for google-vertex.
    private static string? CatalogName(PricedCatalog priced, string name) =>
        priced.Catalog.Providers.FirstOrDefault(p => p.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? (Sluice.Providers.Vendors.Find(priced.Config.Providers.TryGetValue(name, out var configured) ? configured.Type : name) is { Catalog: [var known, ..] } ? known : null);

    private static void WriteTable(TextWriter output, List<CatalogModel> models, DateTimeOffset now)
    {
        var table = new TextTable(
            "MODEL", Column.State("STATUS"), Column.Number("CONTEXT"), Column.Number("MAX OUTPUT"), Column.Number("INPUT"), Column.Number("CACHED"), Column.Number("OUTPUT"));
        foreach (var model in models)
        {
            var tokens = model.Prices.At(now)?.Tokens;
            table.Add(
                $"{model.Provider}/{model.Id}", model.Status, Count(model.ContextWindow), Count(model.MaxOutputTokens), Price(tokens, TokenKind.Input), Price(tokens, TokenKind.CacheRead), Price(tokens, TokenKind.Output));
        }
        table.Write(output);
    }

    private static string Count(long? value) => value?.ToString("N0", CultureInfo.InvariantCulture) ?? "?";

    private static string Price(TokenPrices? prices, TokenKind kind) => prices?[kind] is { } price ? Money.Text(price) : "?";
}
