using System.CommandLine;
using Sluice.Chat;
using Sluice.Cli.Hosting;
using Sluice.Cli.Output;
using Sluice.Pricing;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice cost estimate</c>: the price of a number of tokens.</summary>
internal static class CostEstimateCommand
{
    public static Command Create()
    {
        var catalog = new CatalogSource();
        var model = new Option<string>("--model", "-m") { Description = "provider/model, a route or a model's name", HelpName = "MODEL", Required = true };
        var input = Tokens("--input-tokens", "Tokens of the prompt, cached ones included");
        var output = Tokens("--output-tokens", "Tokens of the answer, reasoning included");
        var cached = Tokens("--cached-tokens", "Those of the prompt that come from the provider's cache");
        var tier = new Option<string?>("--service-tier") { Description = "Class of service: batch, flex, priority", HelpName = "NAME" };
        var at = new Option<DateTimeOffset?>("--at") { Description = "The time whose prices hold (default: now)", HelpName = "TIME" };
        var format = OutputFormat.Option("json");
        var command = new Command("estimate", "What a number of tokens costs at a model.")
            .WithExamples("sluice cost estimate -m openai/gpt-5.4 --input-tokens 12000 --output-tokens 800", "sluice cost estimate -m claude-sonnet-5 --input-tokens 50000 --cached-tokens 45000 --output-tokens 2000 --output table");
        catalog.AddTo(command);
        foreach (var option in (Option[])[model, input, output, cached, tier, at, format]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            if (catalog.Load(parsed) is not { } priced) return ExitCodes.ConfigurationInvalid;
            string? fault = parsed.GetResult(input) is null && parsed.GetResult(output) is null ? "say how many: --input-tokens N, --output-tokens N or both"
                : parsed.GetValue(cached) > parsed.GetValue(input) ? "--cached-tokens are among the --input-tokens, and cannot be more"
                : null;
            if (fault is not null)
            {
                parsed.InvocationConfiguration.Error.WriteLine($"sluice: {fault}");
                return ExitCodes.WrongUsage;
            }
            string name = parsed.GetValue(model)!;
            var usage = new Usage { InputTokens = parsed.GetValue(input), OutputTokens = parsed.GetValue(output), CacheReadTokens = parsed.GetValue(cached) };
            var query = new CostQuery { At = parsed.GetValue(at) ?? TimeProvider.System.GetUtcNow(), ServiceTier = parsed.GetValue(tier) };
            var resolved = priced.Resolve(name);
            var cost = resolved is { } known
                ? CostCalculator.Calculate(priced.PricesOf(known.Provider, known.Model), usage, query)
                : Cost.NotKnown($"no model of the catalogue is called '{name}' (see: sluice catalog list)");
            Write(parsed, resolved, cost, parsed.GetValue(format)!);
            return resolved is null ? ExitCodes.WrongUsage : cost.Usd is null ? ExitCodes.Failed : ExitCodes.Done;
        });
        return command;
    }

    private static Option<long> Tokens(string name, string description)
    {
        var option = new Option<long>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<long>() < 0) result.AddError($"{name}: a count is not negative");
        });
        return option;
    }

    private static void Write(ParseResult parsed, (string Provider, string Model)? model, Cost cost, string format)
    {
        var writer = parsed.InvocationConfiguration;
        if (cost.Unknown is { } reason) writer.Error.WriteLine($"sluice: the cost is unknown: {reason}");
        if (format != "table")
        {
            string json = cost.Usd is { } usd ? $$"""{"cost_usd":"{{Money.Text(usd)}}"}""" : """{"cost_usd":null}""";
            writer.Output.Write(format == "json" ? json + "\n" : OutputFormat.Write(w => w.WriteRawValue(json), format));
            return;
        }
        if (cost.Usd is not { } total) return;
        var table = new TextTable("KIND", Column.Number("COUNT"), Column.Number("USD PER MILLION"), Column.Number("USD"));
        foreach (var line in cost.Lines) table.Add(line.Kind, line.Count.ToString(), Money.Text(line.Price * (1_000_000 / line.Per)), Money.Text(line.Usd));
        table.Add("total", "", "", Money.Text(total));
        table.Write(writer.Output);
        writer.Output.WriteLine($"{model!.Value.Provider}/{model.Value.Model}: {cost.Basis} ({cost.Origin})");
    }
}
