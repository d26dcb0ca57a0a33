using System.CommandLine;
using System.Globalization;
using Sluice.Catalog;
using Sluice.Cli.Hosting;
using Sluice.Cli.Output;
using Sluice.Parameters;
using Sluice.Pricing;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice catalog show</c>: everything that is known of one model.</summary>
internal static class CatalogShowCommand
{
    public static Command Create()
    {
        var catalog = new CatalogSource();
        var name = new Argument<string>("MODEL") { Description = "provider/model or a model's name" };
        var format = OutputFormat.Option();
        var command = new Command("show", "Show all that is known of one model, and where it comes from.").WithExamples("sluice catalog show anthropic/claude-sonnet-5", "sluice catalog show gpt-5.4 --output json");
        command.Arguments.Add(name);
        catalog.AddTo(command);
        command.Options.Add(format);
        command.SetAction(parsed =>
        {
            if (catalog.Load(parsed) is not { } priced) return ExitCodes.ConfigurationInvalid;
            var writer = parsed.InvocationConfiguration;
            string asked = parsed.GetValue(name)!;
            if (priced.Resolve(asked) is not { } known || Find(priced, known.Provider, known.Model) is not { } model)
            {
                writer.Error.WriteLine($"sluice: the catalogue knows no model '{asked}' (see: sluice catalog list --all)");
                return ExitCodes.WrongUsage;
            }
            var rules = ParameterRules.For(Vendor(priced, known.Provider), known.Model);
            if (parsed.GetValue(format) is { } data and not "table") writer.Output.Write(CatalogJson.WriteModel(model, rules, data));
            else Write(writer.Output, model, rules);
            return ExitCodes.Done;
        });
        return command;
    }

    private static CatalogModel? Find(PricedCatalog priced, string provider, string model) =>
        priced.Catalog.Find(provider, model) ?? (priced.Config.Providers.TryGetValue(provider, out var configured) ? priced.Prices.Model(configured, model) : null);

    // Rules go by a provider's type, the catalogue by its own names: google is the type gemini.
    private static string Vendor(PricedCatalog priced, string provider) =>
        priced.Config.Providers.TryGetValue(provider, out var configured) ? configured.Type
        : Sluice.Providers.Vendors.Find(provider)?.Id ?? Sluice.Providers.Vendors.All.FirstOrDefault(v => v.Catalog.Contains(provider))?.Id ?? provider;

    private static void Write(TextWriter output, CatalogModel model, ModelParameterRules rules)
    {
        void Line(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) output.WriteLine($"{name,-25}{value}");
        }

        Line("model", $"{model.Provider}/{model.Id}");
        Line("name", model.Name);
        Line("kind", model.Kind);
        Line("status", model.Status + (model.Retires is { } retires ? $", shut down on {retires:yyyy-MM-dd}" : ""));
        Line("released", model.Released?.ToString("yyyy-MM-dd"));
        Line("context window", Tokens(model.ContextWindow));
        Line("largest input", Tokens(model.MaxInputTokens));
        Line("largest output", Tokens(model.MaxOutputTokens));
        Line("takes", string.Join(", ", model.Input));
        Line("gives", string.Join(", ", model.Output));
        Line("can", string.Join(", ", model.Capabilities.Where(c => c.Value).Select(c => c.Key)));
        Line("cannot", string.Join(", ", model.Capabilities.Where(c => !c.Value).Select(c => c.Key)));
        if (model.Reasoning is { } reasoning) Line("reasoning", Reasoning(reasoning));
        if (model.Prices.Periods.Count == 0) Line("price", "not known");
        foreach (var period in model.Prices.Periods) WritePeriod(Line, period);
        Line("tiers", string.Join("; ", model.Prices.Tiers.Select(t => $"{t.Key} {(t.Value.Tokens is { } own ? Prices(own) : $"x{Money.Text(t.Value.Factor)}")}")));
        Line("factors", string.Join("; ", model.Prices.Factors.Select(f => $"{f.Key} x{Money.Text(f.Value)}")));
        foreach (var rule in rules.Rules) Line("rule", $"{rule.Why} ({rule.Id})");
        foreach (string other in model.Disputed) Line("disputed", other);
        Line("note", model.Note);
        foreach (var (fact, sources) in model.Sources) Line($"{fact} from", string.Join("; ", sources));
    }

    private static void WritePeriod(Action<string, string?> line, PricePeriod period)
    {
        string span = (period.From, period.Until) switch
        {
            (null, null) => "price",
            ({ } from, null) => $"since {from:yyyy-MM-dd}",
            (null, { } until) => $"until {until:yyyy-MM-dd}",
            ({ } from, { } until) => $"{from:yyyy-MM-dd} - {until:yyyy-MM-dd}",
        };
        line(span, Prices(period.Tokens));
        foreach (var step in period.Long) line("", $"from {Tokens(step.FromInput)} of input: {Prices(step.Tokens)}");
        foreach (var hours in period.Hours) line("", $"{string.Join(' ', hours.Days)} {hours.From:HH\\:mm}-{hours.Until:HH\\:mm} UTC: {Prices(hours.Tokens)}");
        foreach (var (tool, fee) in period.Calls) line("", $"{tool}: {(fee.Flat is { } flat ? Money.Text(flat) : string.Join(", ", fee.BySize.Select(s => $"{s.Key} {Money.Text(s.Value)}")))} per 1,000 {(fee.IsOncePerPrompt ? "prompts that use it" : "calls")}");
        foreach (var (unit, price) in period.Units) line("", $"{unit}: {Money.Text(price)}");
    }

    private static string Prices(TokenPrices prices) => prices.IsEmpty ? "no price per token" : string.Join(", ", prices.Listed().Select(p => $"{p.Key.Name()} {Money.Text(p.Value)}"));

    private static string Reasoning(ReasoningFacts facts)
    {
        var said = new List<string>();
        if (facts.Efforts.Count > 0) said.Add($"efforts {string.Join(", ", facts.Efforts)}{(facts.DefaultEffort is { } usual ? $" (usually {usual})" : "")}");
        if (facts.BudgetMin is not null || facts.BudgetMax is not null) said.Add($"budget {facts.BudgetMin}-{facts.BudgetMax} tokens");
        if (facts.OnByDefault is { } on) said.Add(on ? "on by default" : "off by default");
        if (facts.CanBeOff is false) said.Add("cannot be off");
        return string.Join("; ", said);
    }

    private static string? Tokens(long? count) => count is { } known ? $"{known.ToString("N0", CultureInfo.InvariantCulture)} tokens" : null;
}
