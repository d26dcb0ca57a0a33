using System.CommandLine;
using Sluice.Catalog;
using Sluice.Cli.Hosting;
using Sluice.Cli.Output;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice catalog diff</c>: what a file would change.</summary>
internal static class CatalogDiffCommand
{
    public static Command Create()
    {
        var catalog = new CatalogSource();
        var file = new Argument<string>("FILE") { Description = "A catalogue file, or LiteLLM's price file" };
        var format = OutputFormat.Option();
        var command = new Command("diff", "Show what a catalogue file would add or change: limits, shutdown dates and today's prices.").WithExamples("sluice catalog diff ./prices.json", "sluice catalog diff model_prices_and_context_window.json --output json");
        command.Arguments.Add(file);
        catalog.AddTo(command);
        command.Options.Add(format);
        command.SetAction(parsed =>
        {
            if (catalog.Load(parsed) is not { } priced) return ExitCodes.ConfigurationInvalid;
            var writer = parsed.InvocationConfiguration;
            if (CatalogFile.Read(parsed.GetValue(file)!, priced.Catalog, null, writer.Error, out int code) is not { } other) return code;
            var differences = CatalogDifference.Between(other.Models, priced.Catalog, TimeProvider.System.GetUtcNow()).ToList();
            if (parsed.GetValue(format) is { } data and not "table") writer.Output.Write(CatalogJson.WriteDifferences(differences, data));
            else Write(writer.Output, differences);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(TextWriter output, List<CatalogDifference> differences)
    {
        if (differences.Count == 0)
        {
            output.WriteLine("No difference.");
            return;
        }
        var table = new TextTable("MODEL", "WHAT", Column.Text("BEFORE"), Column.Text("AFTER"));
        foreach (var d in differences) table.Add(d.Model, d.Member ?? "model", d.Before ?? "-", d.After ?? "-");
        table.Write(output);
    }
}
