using Sluice.Accounting.Ledger;
using Sluice.Budgets;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Pricing;
using Sluice.Storage;

namespace Sluice.Cli.Hosting;

/// <summary>Holds the calls of a command to the budgets of its configuration, beside a gateway that may run on the same store, and writes them into the ledger.</summary>
internal sealed class CallSpending : IAsyncDisposable
{
    private readonly ISluiceStore? _store;
    private readonly LedgerGuard? _ledger;
    private readonly WebhookSender? _webhooks;

    private CallSpending(ISluiceStore? store)
    {
        if (store is null) return;
        _store = store;
        _ledger = new LedgerGuard(store.Ledger, TimeProvider.System);
        _webhooks = new WebhookSender(Tell, TimeProvider.System);
        Guards = [_ledger, new BudgetGuard(store, new BudgetAlerts(Tell, _webhooks, TimeProvider.System), TimeProvider.System)];
    }

    /// <summary>To be asked about each call; none where the configuration has no budget that concerns the command.</summary>
    public IReadOnlyList<ICallGuard> Guards { get; } = [];

    /// <summary>Opens the store where there are budgets. Where it cannot be used, tells why; <see langword="null"/> where calls must not go on then.</summary>
    public static async ValueTask<CallSpending?> OpenAsync(SluiceConfig config)
    {
        if (config.Budgets.IsEmpty && config.Providers.Values.All(p => p.Budget.IsEmpty) && config.Routes.Values.All(r => r.Budget.IsEmpty)) return new CallSpending(null);
        var store = await StoreOpening.OpenOrTellAsync(config);
        if (store is null) return config.Storage.OnFailure == StorageFailurePolicy.Allow ? new CallSpending(null) : null;
        // Of a command before this one that was killed.
        await store.Budgets.SettleOrphansAsync(CancellationToken.None);
        return new CallSpending(store);
    }

    public async ValueTask DisposeAsync()
    {
        if (_ledger is not null) await _ledger.DisposeAsync();
        if (_webhooks is not null) await _webhooks.DisposeAsync();
        if (_store is not null) await _store.DisposeAsync();
    }

    // The call that is refused says the rest.
    private static void Tell(BudgetAlert alert)
    {
        if (alert.Event == BudgetAlert.Warning) Console.Error.WriteLine($"sluice: warning: of the {alert.Budget}, {Money.Text(alert.SpentUsd)} of {Money.Text(alert.LimitUsd)} USD are spent");
    }
}
