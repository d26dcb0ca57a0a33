using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Storage;

namespace Sluice.Accounting.Ledger;

/// <summary>
/// Writes every call that reached a provider into the ledger, before its client sees it finished. While the store does not answer, calls are refused or go on, as
/// <c>storage.on_failure</c> says; what could not be written is kept and written later.
/// </summary>
public sealed class LedgerGuard : ICallGuard, IAsyncDisposable
{
    // A finished answer is paid for: it is not held back longer than this.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ILedgerStore _ledger;
    private readonly LedgerBacklog _backlog;
    private readonly BackgroundJobs _background;
    private readonly TimeProvider _time;

    /// <summary>Makes a guard.</summary>
    public LedgerGuard(ISluiceStore store, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(store);
        (_ledger, _time) = (store.Ledger, time);
        _backlog = new LedgerBacklog(_ledger, time);
        _background = new BackgroundJobs(store, time);
    }

    /// <summary>Entries that wait for the store to take them.</summary>
    public int Waiting => _backlog.Count;

    /// <summary>Entries that were lost because the store did not answer for too long.</summary>
    public long Lost => _backlog.Lost;

    /// <inheritdoc/>
    public bool GuardsShadows => true;

    /// <inheritdoc/>
    public ValueTask<GatewayError?> AdmitAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if ((_backlog.Failure ?? _ledger.Failure) is not { } failure || call.Gateway.Config.Storage.OnFailure == StorageFailurePolicy.Allow) return default;
        return ValueTask.FromResult<GatewayError?>(new GatewayError(ErrorKind.Overloaded, $"calls cannot be recorded now, and storage.on_failure is refuse: {failure.Message}") { Status = 503, Code = "storage", RetryAfter = TimeSpan.FromSeconds(1) });
    }

    /// <inheritdoc/>
    public async ValueTask SettleAsync(CallContext call, CallRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(record);
        if (LedgerEntries.Of(call, record) is not { } entry || await _background.KeepAsync(call, entry).ConfigureAwait(false)) return;
        await WriteAsync(entry, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes what an answer tells that was made in the background and is fetched, or cancelled, now: its call is settled by it, once.</summary>
    /// <param name="owner">Whose answer it is (<see cref="CallContext.Owner"/>).</param>
    /// <param name="id">Its id.</param>
    /// <param name="answer">What the provider says of it.</param>
    public async ValueTask ObserveAsync(string owner, string id, ReadOnlyMemory<byte> answer)
    {
        if (await _background.ObserveAsync(owner, id, answer).ConfigureAwait(false) is { } entry) await WriteAsync(entry, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>An answer was deleted that may not have been fetched before: its call is settled by what it reserved.</summary>
    public ValueTask ForgetAsync(string owner, string id) => _background.ForgetAsync(owner, id);

    private async ValueTask WriteAsync(LedgerEntry entry, CancellationToken cancellationToken)
    {
        if (_backlog.Failure is { } failing)
        {
            _backlog.Add(entry, failing);
            return;
        }
        var write = _ledger.WriteAsync(entry, cancellationToken);
        GatewayError? failure;
        try
        {
            failure = write.IsCompletedSuccessfully ? write.Result : await write.AsTask().WaitAsync(Patience, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            failure = new GatewayError(ErrorKind.Internal, $"the store did not answer within {Patience.TotalSeconds:0} s") { Code = "storage" };
        }
        if (failure is not null) _backlog.Add(entry, failure);
    }

    /// <summary>Offers what waits to the store once more.</summary>
    public async ValueTask DisposeAsync()
    {
        _background.Dispose();
        await _backlog.DrainAsync().ConfigureAwait(false);
        _backlog.Dispose();
    }
}
