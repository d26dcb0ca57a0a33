using System.Globalization;
using System.Text.Json;
using Sluice.Cli.Output;
using static Sluice.Cli.Watching.GatewayStatus;

namespace Sluice.Cli.Watching;

/// <summary>The state of a gateway for a person: a line for each model, and one for each key that is not good.</summary>
internal static class StatusTable
{
    public static void Write(GatewayStatus status, TextWriter output)
    {
        var providers = status.Providers.ToArray();
        long busy = providers.Sum(p => Number(p, "busy")), waiting = providers.Sum(p => Number(p, "waiting"));
        output.WriteLine($"{status.Url.GetLeftPart(UriPartial.Authority)} is {status.Word.Replace('_', ' ')}: {busy} attempts under way, {waiting} waiting at limits");
        foreach (string fault in status.Failing) output.WriteLine($"  {Plain(fault)}");
        output.WriteLine();
        if (providers.Length == 0) output.WriteLine("It has no provider.");
        else Models(providers, output);
        Keys(providers, output);
    }

    private static void Models(JsonElement[] providers, TextWriter output)
    {
        var table = new TextTable(
            "PROVIDER", "MODEL", Column.State("BREAKER"), Column.Number("FAILURES"), Column.Number("OPEN FOR"), Column.Number("UNDER WAY"), Column.Number("WAITING"));
        foreach (var provider in providers)
        {
            string name = Plain(Text(provider, "name"));
            var models = Items(provider, "models").ToArray();
            foreach (var model in models)
                table.Add(name, Plain(Text(model, "model")), Plain(Text(model, "breaker")).Replace('_', ' '), Count(Number(model, "failures")), Rest(model), Count(Number(model, "busy")), Count(Number(model, "waiting")));
            // What waits at the provider's own limit belongs to none of its models.
            if (models.Length == 0 || Number(provider, "waiting") > 0) table.Add(name, models.Length == 0 ? "-" : "(any)", "-", "-", "-", models.Length == 0 ? Count(Number(provider, "busy")) : "-", Count(Number(provider, "waiting")));
        }
        table.Write(output);
    }

    private static void Keys(JsonElement[] providers, TextWriter output)
    {
        var keys = providers.SelectMany(p => Items(p, "keys")).ToArray();
        var bad = keys.Where(k => Text(k, "state") != "good").ToArray();
        if (bad.Length == 0) return;
        output.WriteLine();
        var table = new TextTable("KEY", Column.State("STATE"), Column.Number("FOR"), Column.Text("WHY"));
        foreach (var key in bad) table.Add(Plain(Text(key, "name")), Plain(Text(key, "state")), Rest(key), Plain(Text(key, "reason")).Replace('_', ' '));
        table.Write(output);
        output.WriteLine($"{keys.Length - bad.Length} of {keys.Length} keys are good.");
    }

    private static string Rest(JsonElement of) => Number(of, "rest_seconds") is > 0 and var seconds ? $"{Count(seconds)} s" : "-";

    private static string Count(long number) => number.ToString(CultureInfo.InvariantCulture);

    // Models may be named by clients: what a terminal would obey is left out.
    private static string Plain(string? text) => string.Concat((text ?? "-").Where(c => !char.IsControl(c)));
}
