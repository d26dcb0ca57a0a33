using Sluice.Budgets;
using Sluice.Client;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Pricing;
using Sluice.Storage;

namespace Sluice.Cli.Hosting;

/// <summary>The runtime of a command that calls models: with the store of its configuration, which a gateway may have open as well. Its calls are in the ledger and under the budgets, as a gateway's are.</summary>
internal sealed class CommandRuntime : IAsyncDisposable
{
    private readonly ISluiceStore? _store;

    private CommandRuntime(SluiceRuntime runtime, ISluiceStore? store) => (Runtime, _store) = (runtime, store);

    public SluiceRuntime Runtime { get; }

    /// <summary>Opens the store and puts the runtime together; where the store cannot be used, tells why, and gives null where calls must not go on then.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="hasFile">Whether it comes from a file. Without one nobody asked for a ledger: none is begun, one that is there is kept on with.</param>
    /// <param name="observer">Told of each call.</param>
    public static async ValueTask<CommandRuntime?> OpenAsync(SluiceConfig config, bool hasFile, ICallObserver observer)
    {
        ISluiceStore? store = null;
        if (hasFile || HasBudgets(config) || File.Exists(config.Storage.Sqlite))
        {
            store = await StoreOpening.OpenOrTellAsync(config);
            if (store is null && config.Storage.OnFailure != StorageFailurePolicy.Allow) return null;
        }
        var runtime = new SluiceRuntime(config, new RuntimeOptions { Store = store, Observers = [observer], Tell = Tell });
        try
        {
            await runtime.StartAsync();
        }
        catch (SluiceException e)
        {
            await Console.Error.WriteLineAsync($"sluice: {e.Message}");
            if (config.Storage.OnFailure != StorageFailurePolicy.Allow)
            {
                await new CommandRuntime(runtime, store).DisposeAsync();
                return null;
            }
        }
        return new CommandRuntime(runtime, store);
    }

    public async ValueTask DisposeAsync()
    {
        await Runtime.DisposeAsync();
        if (_store is not null) await _store.DisposeAsync();
    }

    private static bool HasBudgets(SluiceConfig config) => !config.Budgets.IsEmpty || config.Providers.Values.Any(p => !p.Budget.IsEmpty) || config.Routes.Values.Any(r => !r.Budget.IsEmpty);

    // The call that is refused says the rest.
    private static void Tell(BudgetAlert alert)
    {
        if (alert.Event == BudgetAlert.Warning) Console.Error.WriteLine($"sluice: warning: of the {alert.Budget}, {Money.Text(alert.SpentUsd)} of {Money.Text(alert.LimitUsd)} USD are spent");
    }
}
