using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Storage;

namespace Sluice.Accounting.Ledger;

/// <summary>Keeps a store in order: settles what gateways that are gone had reserved, and deletes what is older than <c>storage.retention</c>.</summary>
public sealed class StoreUpkeep : IAsyncDisposable
{
    private const int BatchSize = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly ISluiceStore _store;
    private readonly Func<StorageConfig> _config;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;

    /// <summary>Makes one that does nothing yet.</summary>
    /// <param name="store">The store.</param>
    /// <param name="config">The settings in force.</param>
    /// <param name="time">The clock.</param>
    public StoreUpkeep(ISluiceStore store, Func<StorageConfig> config, TimeProvider time) => (_store, _config, _time) = (store, config, time);

    /// <summary>Settles what is left of gateways that were killed, then goes on in the background.</summary>
    /// <returns>Why the store could not do it.</returns>
    public async ValueTask<GatewayError?> StartAsync(CancellationToken cancellationToken)
    {
        var settled = await _store.Budgets.SettleOrphansAsync(cancellationToken).ConfigureAwait(false);
        if (settled.IsSuccess) _work = Task.Run(WorkAsync, CancellationToken.None);
        return settled.Error;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            do
            {
                await DeleteOldAsync().ConfigureAwait(false);
                await _store.Budgets.SettleOrphansAsync(_stop.Token).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    // In batches, so that calls are written in between. A store that fails now is asked again in a minute.
    private async Task DeleteOldAsync()
    {
        while (_config().Retention is { } kept)
        {
            var deleted = await _store.Ledger.DeleteBeforeAsync(_time.GetUtcNow() - kept, BatchSize, _stop.Token).ConfigureAwait(false);
            if (!deleted.IsSuccess || deleted.Value.Count < BatchSize) return;
        }
    }
}
