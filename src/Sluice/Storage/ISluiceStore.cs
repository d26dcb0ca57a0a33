using Sluice.Errors;

namespace Sluice.Storage;

/// <summary>
/// What must outlive the process: the ledger, what budgets have spent, the keys and the audit log. Several gateways may share one: nothing here may
/// be decided by what one process remembers. Thread-safe. A failure of the store is a value (<see cref="ErrorKind.Internal"/>, code <c>storage</c>), never an exception.
/// </summary>
public interface ISluiceStore : IAsyncDisposable
{
    /// <summary>What every call used and cost.</summary>
    ILedgerStore Ledger { get; }

    /// <summary>What is spent and reserved of each budget.</summary>
    IBudgetStore Budgets { get; }

    /// <summary>The virtual keys.</summary>
    IKeyStore Keys { get; }

    /// <summary>The administrative acts.</summary>
    IAuditStore Audit { get; }

    /// <summary>Whether the store answers and can be written to; why not otherwise.</summary>
    ValueTask<GatewayError?> CheckAsync(CancellationToken cancellationToken);
}
