using System.CommandLine;
using Sluice.Accounting.Ledger;
using Sluice.Cli.Hosting;
using Sluice.Cli.Output;
using Sluice.Errors;
using Sluice.Pricing;
using Sluice.Storage;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice spend recompute</c>: prices the ledger again.</summary>
internal static class SpendRecomputeCommand
{
    private const int BatchSize = 500;

    public static Command Create()
    {
        var configuration = new ConfigurationOptions();
        var filter = new SpendFilter();
        var dryRun = new Option<bool>("--dry-run") { Description = "Tell what would change, and change nothing" };
        var command = new Command("recompute", "Price calls of the ledger again, after a catalogue or a price was put right. Budgets are corrected with them.")
            .WithExamples("sluice spend recompute --dry-run", "sluice spend recompute --provider lab --since 2026-11-01");
        configuration.AddTo(command);
        filter.AddTo(command);
        command.Options.Add(dryRun);
        command.SetAction(async (parsed, token) =>
        {
            var (wanted, fault) = filter.Read(parsed, TimeProvider.System.GetUtcNow());
            if (fault is not null)
            {
                await Console.Error.WriteLineAsync($"sluice: {fault}");
                return ExitCodes.WrongUsage;
            }
            if (configuration.Load(parsed) is not { } config) return ExitCodes.ConfigurationInvalid;
            if (!ConfiguredCatalog.Check(config, parsed.InvocationConfiguration.Error)) return ExitCodes.ConfigurationInvalid;
            if (await StoreOpening.OpenExistingAsync(config, configuration.Flags(parsed)) is not { } store) return ExitCodes.Failed;
            await using (store)
            {
                try
                {
                    await RecomputeAsync(store, new LedgerRepricer(config), wanted, parsed.GetValue(dryRun), parsed.InvocationConfiguration.Output, token);
                    return ExitCodes.Done;
                }
                catch (SluiceException e)
                {
                    await Console.Error.WriteLineAsync($"sluice: {e.Error.Message}");
                    return ExitCodes.Failed;
                }
            }
        });
        return command;
    }

    private static async Task RecomputeAsync(ISluiceStore store, LedgerRepricer repricer, LedgerFilter filter, bool dryRun, TextWriter output, CancellationToken token)
    {
        var batch = new List<Repricing>(BatchSize);
        long read = 0, changed = 0;
        decimal difference = 0;
        await foreach (var entry in store.Ledger.ReadAsync(filter, token))
        {
            read++;
            if (repricer.Reprice(entry) is not { } repriced) continue;
            changed++;
            difference += (repriced.CostUsd ?? 0) - (entry.CostUsd ?? 0);
            batch.Add(repriced);
            if (batch.Count == BatchSize) await WriteAsync();
        }
        await WriteAsync();
        output.WriteLine($"{changed} of {read} calls {(dryRun ? "would change" : "changed")}, by {Money.Text(difference)} USD in all");

        async Task WriteAsync()
        {
            if (!dryRun && batch.Count > 0 && await store.Ledger.RepriceAsync(batch, token) is { } error) throw new SluiceException(error);
            batch.Clear();
        }
    }
}
