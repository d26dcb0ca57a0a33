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
    private readonly TimeProvider _time;

    /// <summary>Makes a guard.</summary>
    public LedgerGuard(ILedgerStore ledger, TimeProvider time)
    {
        (_ledger, _time) = (ledger, time);
        _backlog = new LedgerBacklog(ledger, time);
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
        if (LedgerEntries.Of(call, record) is not { } entry) return;
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
        await _backlog.DrainAsync().ConfigureAwait(false);
        _backlog.Dispose();
    }
}
