using Sluice.Errors;
using Sluice.Storage;
using Sluice.Storage.Sqlite;

namespace Sluice.Gateway.Tests;

/// <summary>A real SQLite store in a folder of its own, with a switch that makes it fail.</summary>
internal sealed class FaultyStore : ISluiceStore, IKeyStore, IAuditStore, ILedgerStore
{
    private static readonly GatewayError Broken = new(ErrorKind.Internal, "the disk is gone") { Code = "storage" };
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-gateway-").FullName;
    private SqliteStore _store;

    public FaultyStore() => _store = SqliteStore.Open(File, TimeProvider.System).Value!;

    public string File => Path.Combine(_folder, "sluice.db");

    public bool Fails { get; set; }

    public int Lookups { get; private set; }

    public ILedgerStore Ledger => this;

    public IBudgetStore Budgets => _store.Budgets;

    public IKeyStore Keys => this;

    public IAuditStore Audit => this;

    public ValueTask<GatewayError?> CheckAsync(CancellationToken cancellationToken) => Fails ? Failed() : _store.CheckAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>What the next start finds.</summary>
    public async Task ReopenAsync()
    {
        await _store.DisposeAsync();
        _store = SqliteStore.Open(File, TimeProvider.System).Value!;
        await _store.Budgets.SettleOrphansAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Everything in the ledger.</summary>
    public async Task<List<LedgerEntry>> EntriesAsync() => await _store.Ledger.ReadAsync(new LedgerFilter(), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

    public ValueTask<Outcome<byte[]>> PepperAsync(CancellationToken cancellationToken) => Fails ? ValueTask.FromResult<Outcome<byte[]>>(Broken) : _store.Keys.PepperAsync(cancellationToken);

    public ValueTask<KeyRevision> RevisionAsync(CancellationToken cancellationToken) => Fails ? ValueTask.FromResult(new KeyRevision(0, Broken)) : _store.Keys.RevisionAsync(cancellationToken);

    public ValueTask<KeyLookup> FindAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken)
    {
        Lookups++;
        return Fails ? ValueTask.FromResult(new KeyLookup(null, Broken)) : _store.Keys.FindAsync(hash, cancellationToken);
    }

    public ValueTask<KeyLookup> GetAsync(string idOrName, CancellationToken cancellationToken) => Fails ? ValueTask.FromResult(new KeyLookup(null, Broken)) : _store.Keys.GetAsync(idOrName, cancellationToken);

    public ValueTask<Outcome<IReadOnlyList<KeyRecord>>> ListAsync(CancellationToken cancellationToken) => Fails ? ValueTask.FromResult<Outcome<IReadOnlyList<KeyRecord>>>(Broken) : _store.Keys.ListAsync(cancellationToken);

    public ValueTask<Outcome<IReadOnlyList<ReadOnlyMemory<byte>>>> GivenAsync(CancellationToken cancellationToken) => Fails ? ValueTask.FromResult<Outcome<IReadOnlyList<ReadOnlyMemory<byte>>>>(Broken) : _store.Keys.GivenAsync(cancellationToken);

    public ValueTask<GatewayError?> AddAsync(KeyRecord key, CancellationToken cancellationToken) => Fails ? Failed() : _store.Keys.AddAsync(key, cancellationToken);

    public ValueTask<GatewayError?> UpdateAsync(KeyRecord key, long expectedVersion, CancellationToken cancellationToken) => Fails ? Failed() : _store.Keys.UpdateAsync(key, expectedVersion, cancellationToken);

    public ValueTask<GatewayError?> WriteAsync(AuditEntry entry, CancellationToken cancellationToken) => Fails ? Failed() : _store.Audit.WriteAsync(entry, cancellationToken);

    public ValueTask<Outcome<IReadOnlyList<AuditEntry>>> ReadAsync(int most, DateTimeOffset? before, CancellationToken cancellationToken) => _store.Audit.ReadAsync(most, before, cancellationToken);

    public GatewayError? Failure => _store.Ledger.Failure;

    public ValueTask<GatewayError?> WriteAsync(LedgerEntry entry, CancellationToken cancellationToken) => Fails ? Failed() : _store.Ledger.WriteAsync(entry, cancellationToken);

    public ValueTask<Outcome<SpendReport>> SpendAsync(SpendQuery query, CancellationToken cancellationToken) => _store.Ledger.SpendAsync(query, cancellationToken);

    public IAsyncEnumerable<LedgerEntry> ReadAsync(LedgerFilter filter, CancellationToken cancellationToken) => _store.Ledger.ReadAsync(filter, cancellationToken);

    public ValueTask<GatewayError?> RepriceAsync(IReadOnlyList<Repricing> entries, CancellationToken cancellationToken) => _store.Ledger.RepriceAsync(entries, cancellationToken);

    public ValueTask<Outcome<DeletedEntries>> DeleteBeforeAsync(DateTimeOffset time, int most, CancellationToken cancellationToken) => _store.Ledger.DeleteBeforeAsync(time, most, cancellationToken);

    private static ValueTask<GatewayError?> Failed() => ValueTask.FromResult<GatewayError?>(Broken);
}
