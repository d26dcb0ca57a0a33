using Sluice.Errors;
using Sluice.Storage.Sqlite.Journal;

namespace Sluice.Storage.Sqlite;

/// <summary>A store in one SQLite file. Several processes may open the same file.</summary>
public sealed class SqliteStore : ISluiceStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(5);
    private readonly SqliteWriter _writer;
    private readonly Readers _readers;
    private readonly StoreOwner _owner;
    private readonly TimeProvider _time;
    private readonly KeySignal _signal;
    private readonly ITimer _beat;

    private SqliteStore(string path, Statements database, StoreOwner owner, TimeProvider time)
    {
        _owner = owner;
        _time = time;
        _writer = new SqliteWriter(database, owner);
        _readers = new Readers(path);
        Ledger = new SqliteLedger(_writer, _readers, SettledAsync);
        Budgets = new SqliteBudgets(_writer, _readers, owner, TakeInAsync);
        _signal = new KeySignal(owner.Database);
        Keys = new SqliteKeys(_writer, _readers, _signal, time);
        Audit = new SqliteAudit(_writer, _readers);
        // A beat that fails is seen by whoever writes next; that the process lives shows on this machine without it.
        _beat = time.CreateTimer(_ => _ = _writer.WriteAsync(_owner.Seen, CancellationToken.None).AsTask(), null, StoreOwner.Beat, StoreOwner.Beat);
    }

    /// <inheritdoc/>
    public ILedgerStore Ledger { get; }

    /// <inheritdoc/>
    public IBudgetStore Budgets { get; }

    /// <inheritdoc/>
    public IKeyStore Keys { get; }

    /// <inheritdoc/>
    public IAuditStore Audit { get; }

    /// <summary>Opens the store, makes the file where it is missing (readable by its owner alone), and brings its tables up to date.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The store; or why it cannot be used: no right, a damaged file, another program's, one of a newer version.</returns>
    public static Outcome<SqliteStore> Open(string path, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(time);
        Statements? database = null;
        StoreOwner? owner = null;
        try
        {
            Connections.Protect(path);
            database = Connections.ToWrite(path);
            if (Migrations.Apply(database, path) is { } fault)
            {
                database.Dispose();
                return fault;
            }
            owner = StoreOwner.Enter(path, time);
            owner.Seen(database);
            TakeIn(database, owner);
            return new SqliteStore(path, database, owner, time);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            owner?.Dispose();
            database?.Dispose();
            return StorageErrors.Of(e, path);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<GatewayError?> CheckAsync(CancellationToken cancellationToken) => (await _writer.WriteAsync(_owner.Seen, cancellationToken).ConfigureAwait(false)).Error;

    // What killed gateways had kept comes before anything is said of their calls.
    private static void TakeIn(Statements database, StoreOwner owner)
    {
        foreach (string left in JournalFiles.Left(owner.Database, owner.Living(database)))
        {
            database.Begin();
            SqliteLedger.Write(database, JournalFiles.Read(left));
            database.Commit();
            File.Delete(left);
        }
    }

    private async ValueTask<GatewayError?> TakeInAsync(CancellationToken cancellationToken)
    {
        var (living, error) = await _writer.WriteAsync(_owner.Living, cancellationToken).ConfigureAwait(false);
        if (error is not null) return error;
        foreach (string left in JournalFiles.Left(_owner.Database, living!))
        {
            var entries = JournalFiles.Read(left);
            if ((await _writer.WriteAsync(database => SqliteLedger.Write(database, entries), cancellationToken).ConfigureAwait(false)).Error is { } unwritten) return unwritten;
            File.Delete(left);
        }
        return null;
    }

    // What this store has taken is read at once, what another gateway has taken when that has brought it into the tables; one that hangs is not waited for.
    private async ValueTask<GatewayError?> SettledAsync(CancellationToken cancellationToken)
    {
        if (await _writer.FlushAsync(cancellationToken).ConfigureAwait(false) is { } error) return error;
        var filled = JournalFiles.Filled(_owner.Database, _owner.Id);
        long began = _time.GetTimestamp();
        while (filled.Count > 0 && _time.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(Glance, _time, cancellationToken).ConfigureAwait(false);
            filled.RemoveAll(JournalFiles.IsEmptiedSince);
        }
        return null;
    }

    private bool Leave(Statements database)
    {
        // Whoever opens the database has to write into it first, and cannot now.
        if (_owner.Leave(database)) _signal.Remove();
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _beat.DisposeAsync().ConfigureAwait(false);
        await _writer.WriteAsync(Leave, CancellationToken.None).ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
        _owner.Dispose();
        _readers.Dispose();
        _signal.Dispose();
    }
}
