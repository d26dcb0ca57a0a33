using System.Globalization;
using Sluice.Cli.Output;
using Sluice.Configuration.Importing;
using Sluice.Configuration.Yaml;

namespace Sluice.Cli.Diagnosis;

/// <summary>Findings as a table with what to do below it, and as data.</summary>
internal static class FindingReport
{
    public static void WriteTable(IReadOnlyList<Finding> findings, TextWriter output)
    {
        var table = new TextTable("PROVIDER", "VENDOR", Column.State("STATE"), Column.State("KEY"), Column.Number("MODELS"), Column.Number("LATENCY"), Column.Number("CLOCK"));
        foreach (var finding in findings)
        {
            string name = Label(finding);
            table.Add(name, finding.Vendor, finding.State, Word(finding.Key), finding.Models?.ToString(CultureInfo.InvariantCulture) ?? "-", Latency(finding.Latency), Clock(finding.ClockAhead));
        }
        table.Write(output);
        foreach (var finding in findings.Where(f => f.Problem is not null || f.Remarks.Count > 0))
        {
            output.WriteLine();
            output.WriteLine($"{Label(finding)}:");
            if (finding.Problem is { } problem) output.WriteLine($"  {problem}");
            foreach (string remedy in finding.Remedies) output.WriteLine($"  -> {remedy}");
            foreach (string remark in finding.Remarks) output.WriteLine($"  note: {remark}");
        }
    }

    public static MapNode Describe(IReadOnlyList<Finding> findings) => new NodeBuilder().Set("providers", NodeBuilder.List(findings.Select(Describe))).Build();

    private static ConfigNode Describe(Finding finding) => new NodeBuilder().Set("name", finding.Provider).Set("vendor", finding.Vendor).Set("state", finding.State)
        .SetPlain("reachable", finding.Reachable ? "true" : "false").Set("key_name", finding.KeyName).Set("key", Word(finding.Key).Replace(' ', '_')).Set("models", (decimal?)finding.Models)
        .Set("latency_ms", finding.Latency is { } latency ? (decimal)Math.Round(latency.TotalMilliseconds, 1) : null)
        .Set("clock_ahead_seconds", finding.ClockAhead is { } ahead ? (decimal)Math.Round(ahead.TotalSeconds, 1) : null)
        .Set("problem", finding.Problem).Set("remedies", Texts(finding.Remedies)).Set("remarks", Texts(finding.Remarks)).Build();

    private static string Label(Finding finding) => finding.KeyName ?? finding.Provider;

    private static ListNode Texts(IReadOnlyList<string> texts) => NodeBuilder.List(texts.Select(NodeBuilder.Text));

    private static string Word(KeyState key) => key switch
    {
        KeyState.Good => "good",
        KeyState.Refused => "refused",
        KeyState.Missing => "missing",
        KeyState.NotNeeded => "not needed",
        _ => "unknown",
    };

    private static string Latency(TimeSpan? latency) => latency is { } known ? $"{known.TotalMilliseconds:0} ms" : "-";

    // The header has whole seconds: less than two apart is the same.
    private static string Clock(TimeSpan? ahead) => ahead switch
    {
        null => "-",
        { } skew when skew.Duration() < TimeSpan.FromSeconds(2) => "ok",
        { } skew => $"{(skew > TimeSpan.Zero ? "+" : "-")}{skew.Duration().TotalSeconds:0} s",
    };
}
