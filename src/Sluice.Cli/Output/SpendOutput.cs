using System.Globalization;
using Sluice.Accounting.Ledger;
using Sluice.Pricing;
using Sluice.Storage;

namespace Sluice.Cli.Output;

/// <summary>Writes a report of spending.</summary>
internal static class SpendOutput
{
    public static void Write(TextWriter output, SpendReport report, string? by, string format)
    {
        switch (format)
        {
            case "json": output.Write(OutputFormat.Write(json => SpendJson.Write(json, report), "json")); break;
            case "csv": Csv(output, report); break;
            default: Table(output, report, by); break;
        }
    }

    private static void Csv(TextWriter output, SpendReport report)
    {
        output.WriteLine("key,calls,input_tokens,output_tokens,cost_usd,unknown_cost_calls");
        // Without groups the total is the one line.
        var lines = report.Groups.Count > 0 ? report.Groups : [new SpendGroup("total", report.Total)];
        foreach (var (key, sum) in lines) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Quoted(key)},{sum.Calls},{sum.InputTokens},{sum.OutputTokens},{Money.Text(sum.CostUsd)},{sum.UnknownCosts}"));
    }

    // Spreadsheets take what begins like a formula for one.
    private static string Quoted(string text)
    {
        string safe = text.Length > 0 && "=+-@\t\r".Contains(text[0]) ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static void Table(TextWriter output, SpendReport report, string? by)
    {
        var table = new TextTable((by ?? "").ToUpperInvariant(), Column.Number("CALLS"), Column.Number("INPUT TOKENS"), Column.Number("OUTPUT TOKENS"), Column.Number("COST USD"));
        foreach (var (key, sum) in report.Groups) Row(table, key.Length == 0 ? "-" : key, sum);
        Row(table, "total", report.Total);
        table.Write(output);
        if (report.Total.UnknownCosts > 0) output.WriteLine($"{Number(report.Total.UnknownCosts)} {(report.Total.UnknownCosts == 1 ? "call has" : "calls have")} no known price and {(report.Total.UnknownCosts == 1 ? "is" : "are")} not in the cost; a price: at their provider or a catalogue file gives them one (sluice spend recompute).");
    }

    private static void Row(TextTable table, string key, SpendSum sum) => table.Add(key, Number(sum.Calls), Number(sum.InputTokens), Number(sum.OutputTokens), Cost(sum));

    // What nobody knows is not free.
    private static string Cost(SpendSum sum) => sum.UnknownCosts == 0 ? Money.Text(sum.CostUsd) : sum.UnknownCosts == sum.Calls ? "unknown" : $"{Money.Text(sum.CostUsd)} + unknown";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
