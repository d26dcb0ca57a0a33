using System.CommandLine;
using System.Text;
using System.Text.Json;
using Sluice.Cli.Hosting;
using Sluice.Cli.Output;
using Sluice.Pricing;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice cost calculate</c>: prices recorded usage, line by line.</summary>
internal static class CostCalculateCommand
{
    public static Command Create()
    {
        var catalog = new CatalogSource();
        var file = new Argument<string?>("FILE") { Description = "JSON lines {\"id\",\"provider\",\"model\",\"at\",\"format\",\"usage\"}; standard input where it is absent or -", Arity = ArgumentArity.ZeroOrOne };
        var details = new Option<bool>("--details") { Description = "Add how each cost came about" };
        var command = new Command("calculate", "Price recorded usage: a line in, a line {\"id\",\"cost_usd\"} out; null where the price is unknown.")
            .WithExamples("sluice cost calculate usage.jsonl", "cat usage.jsonl | sluice cost calculate --details");
        command.Arguments.Add(file);
        catalog.AddTo(command);
        command.Options.Add(details);
        command.SetAction(parsed =>
        {
            if (catalog.Load(parsed) is not { } priced) return ExitCodes.ConfigurationInvalid;
            var writer = parsed.InvocationConfiguration;
            string? path = parsed.GetValue(file);
            try
            {
                using var input = path is null or "-" ? new StreamReader(Console.OpenStandardInput(), Encoding.UTF8) : new StreamReader(path, Encoding.UTF8);
                using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 65536);
                return Price(priced, input, output, writer.Error, parsed.GetValue(details));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                writer.Error.WriteLine($"sluice: cannot read {path}: {e.Message}");
                return ExitCodes.WrongUsage;
            }
        });
        return command;
    }

    internal static int Price(PricedCatalog priced, TextReader input, TextWriter output, TextWriter error, bool details)
    {
        int number = 0, faulty = 0;
        while (input.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            try
            {
                using var document = JsonDocument.Parse(line);
                var (cost, fault) = RecordedCall.Price(priced, document.RootElement);
                if (fault is not null)
                {
                    faulty++;
                    error.WriteLine($"sluice: line {number}: {fault}");
                }
                Write(output, document.RootElement, cost, details);
            }
            catch (JsonException)
            {
                faulty++;
                error.WriteLine($"sluice: line {number}: this is no JSON object");
                output.WriteLine("""{"id":null,"cost_usd":null}""");
            }
        }
        return faulty == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void Write(TextWriter output, JsonElement line, Cost cost, bool details)
    {
        string id = line.ValueKind == JsonValueKind.Object && line.TryGetProperty("id", out var value) ? value.GetRawText() : "null";
        string usd = cost.Usd is { } known ? $"\"{Money.Text(known)}\"" : "null";
        output.WriteLine(details ? $$"""{"id":{{id}},"cost_usd":{{usd}},"details":{{cost.ToJson()}}}""" : $$"""{"id":{{id}},"cost_usd":{{usd}}}""");
    }
}
