// What each kind of rule costs, alone and on one thread: processor time and allocation per operation, beside the same work without the rule.
using Sluice.RuleBench;

string only = args.Length > 0 ? args[0] : "";
Console.WriteLine("| operation | µs | bytes |");
Console.WriteLine("| --- | --- | --- |");
var benches = RequestBenches.All().Concat(HeaderBenches.All()).Concat(StreamBenches.All()).ToArray();

// Once each before the first is measured: what they share is compiled by then.
foreach (var (_, run) in benches)
{
    for (int i = 0; i < 200; i++) run();
}
foreach (var (name, run) in benches)
{
    if (name.Contains(only, StringComparison.OrdinalIgnoreCase)) Measure.Run(name, run);
}
