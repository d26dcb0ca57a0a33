using Sluice.Access;
using Sluice.Accounting.Ledger;
using Sluice.Budgets;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Routing;

namespace Sluice.Client;

/// <summary>
/// The engine with all of its guards: ledger, keys, budgets, limits. The one place where they are put together, for the gateway, the command line and calls from code alike,
/// so that none of them can be had without.
/// </summary>
public sealed class SluiceRuntime : IAsyncDisposable
{
    private readonly WebhookSender? _webhooks;
    private readonly StoreUpkeep? _upkeep;

    /// <summary>Puts a runtime together.</summary>
    /// <param name="config">A valid configuration.</param>
    /// <param name="options">What it is given beside.</param>
    /// <exception cref="ArgumentException">The configuration asks for what cannot be held without a store.</exception>
    public SluiceRuntime(SluiceConfig config, RuntimeOptions? options = null)
        : this(new GatewayState(config, (options ?? new()).Time), options ?? new())
    {
    }

    internal SluiceRuntime(GatewayState state, RuntimeOptions options)
    {
        State = state;
        if (options.Store is null && Unheld(state.Current.Config) is { } unheld) throw new ArgumentException($"{unheld} cannot be held without a store: give one, or set storage.on_failure: allow", nameof(options));
        var guards = options.Guards;
        if (options.Store is { } store)
        {
            var tell = options.Tell ?? (static _ => { });
            _webhooks = new WebhookSender(tell, options.Time);
            Ledger = new LedgerGuard(store, options.Time);
            _upkeep = new StoreUpkeep(store, () => state.Current.Config.Storage, options.Time);
            // What comes first is settled last: the ledger's entry is written when all else is known.
            guards = [Ledger, new KeyGuard(options.Time), new BudgetGuard(store, new BudgetAlerts(tell, _webhooks, options.Time), options.Time), .. options.Guards];
        }
        Engine = new CallEngine(state, guards, options.Observers, options.Time, options.Random);
        Client = new LlmClient(this);
    }

    /// <summary>The configuration in force, and what outlives it.</summary>
    public GatewayState State { get; }

    /// <summary>The way of calls.</summary>
    public CallEngine Engine { get; }

    /// <summary>Calls models from code.</summary>
    public LlmClient Client { get; }

    /// <summary>Who writes calls down; <see langword="null"/> without a store.</summary>
    internal LedgerGuard? Ledger { get; }

    /// <summary>Settles what killed processes left in the store, then keeps it in order. To be called once, before the first call.</summary>
    /// <exception cref="SluiceException">The store cannot be used.</exception>
    public async ValueTask StartAsync(CancellationToken cancellationToken = default)
    {
        if (_upkeep is not null && await _upkeep.StartAsync(cancellationToken).ConfigureAwait(false) is { } fault) throw new SluiceException(fault);
    }

    /// <summary>Writes what waits, and gives up connections. Calls must have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_upkeep is not null) await _upkeep.DisposeAsync().ConfigureAwait(false);
        if (Ledger is not null) await Ledger.DisposeAsync().ConfigureAwait(false);
        if (_webhooks is not null) await _webhooks.DisposeAsync().ConfigureAwait(false);
        State.Dispose();
    }

    // A cap that nobody counts against is none.
    private static string? Unheld(SluiceConfig config) =>
        config.Storage.OnFailure == StorageFailurePolicy.Allow ? null
        : !config.Budgets.IsEmpty ? "budgets"
        : config.Providers.Values.FirstOrDefault(p => !p.Budget.IsEmpty) is { } provider ? $"providers.{provider.Name}.budget"
        : config.Routes.Values.FirstOrDefault(r => !r.Budget.IsEmpty) is { } route ? $"models.{route.Name}.budget"
        : null;
}
