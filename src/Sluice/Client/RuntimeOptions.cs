using Sluice.Budgets;
using Sluice.Engine;
using Sluice.Storage;

namespace Sluice.Client;

/// <summary>What a runtime is given beside the configuration.</summary>
public sealed record RuntimeOptions
{
    /// <summary>What outlives the process: ledger, budgets, keys. The runtime does not dispose it. Default: none; a configuration with budgets or required keys then needs <c>storage.on_failure: allow</c>.</summary>
    public ISluiceStore? Store { get; init; }

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>For ids and jitter. Default: seeded by the system.</summary>
    public Random Random { get; init; } = new();

    /// <summary>Asked after the runtime's own whether a call may go on. Default: none.</summary>
    public IReadOnlyList<ICallGuard> Guards { get; init; } = [];

    /// <summary>Told of every finished call. Default: none.</summary>
    public IReadOnlyList<ICallObserver> Observers { get; init; } = [];

    /// <summary>Told of budgets that cross a threshold. Default: nobody; webhooks are sent all the same.</summary>
    internal Action<BudgetAlert>? Tell { get; init; }
}
