using System.Threading.Channels;
using Sluice.Errors;
using Sluice.Storage.Sqlite.Journal;

namespace Sluice.Storage.Sqlite;

/// <summary>
/// The one thread that writes. Each transaction takes the ledger entries of the journal and then all operations that wait, each in a savepoint of its own, so that one that
/// fails takes nothing with it. An operation ends when a killed process would no longer lose it; entries are safe in the journal, and gather for a moment.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MostWaiting = 20_000;
    private const int MostAtOnce = 512;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private readonly Channel<WriteOperation> _waiting = Channel.CreateBounded<WriteOperation>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly object _gate = new();
    private readonly LedgerJournal _journal;
    private readonly Statements _statements;
    private readonly string _path;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile GatewayError? _failure;
    private volatile bool _isClosing;
    private volatile GatewayError? _gone;
    private bool _isWoken;

    public SqliteWriter(Statements statements, StoreOwner owner)
    {
        (_statements, _path, _journal) = (statements, owner.Database, new LedgerJournal(owner));
        new Thread(Work) { IsBackground = true, Name = "sluice-store" }.Start();
    }

    /// <summary>Why the entries of the journal could not be brought into the tables; <see langword="null"/> while all is well.</summary>
    public GatewayError? Failure => _failure;

    /// <summary>Keeps an entry; or says why it cannot be kept. When it returns, a killed process does not lose the entry; the tables have it a moment later.</summary>
    public GatewayError? Add(LedgerEntry entry)
    {
        if (_isClosing) return StorageErrors.Closed;
        var error = _journal.Add(entry, out bool isFirst);
        if (isFirst) Wake();
        return error;
    }

    /// <summary>Returns when the entries that were kept before are in the tables; or says why they are not.</summary>
    public async ValueTask<GatewayError?> FlushAsync(CancellationToken cancellationToken) =>
        _journal.IsEmpty ? _gone : (await WriteAsync(static _ => true, cancellationToken).ConfigureAwait(false)).Error ?? _failure;

    /// <summary>Has something written; or says why it was not.</summary>
    public async ValueTask<(T? Value, GatewayError? Error)> WriteAsync<T>(Func<Statements, T> write, CancellationToken cancellationToken)
    {
        var operation = new WriteOperation<T>(write);
        try
        {
            await _waiting.Writer.WriteAsync(operation, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            return (default, StorageErrors.Closed);
        }
        Wake();
        // What has been handed over is done, or fails: it is not given up half-way.
        return await operation.Done.ConfigureAwait(false);
    }

    /// <summary>Writes what still waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _isClosing = true;
        _waiting.Writer.TryComplete();
        Wake();
        await _ended.Task.ConfigureAwait(false);
    }

    private void Work()
    {
        var batch = new List<WriteOperation>(MostAtOnce);
        while (true)
        {
            // Entries alone wait until some have gathered; operations do not.
            if (IsIdle && _journal.IsEmpty) Wait(Timeout.InfiniteTimeSpan);
            if (IsIdle) Wait(_failure is null ? Gather : Again);
            while (batch.Count < MostAtOnce && _waiting.Reader.TryRead(out var operation)) batch.Add(operation);
            if (batch.Count > 0 || !_journal.IsEmpty) Write(batch);
            // An end is not held up by a database that takes nothing: the journal stays for the next start.
            if (_isClosing && batch.Count == 0 && (_journal.IsEmpty || _failure is not null)) break;
            batch.Clear();
        }
        Close();
        _ended.SetResult();
    }

    private bool IsIdle => !_isClosing && !_waiting.Reader.TryPeek(out _);

    private void Wake()
    {
        lock (_gate)
        {
            _isWoken = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Wait(TimeSpan most)
    {
        lock (_gate)
        {
            if (!_isWoken) Monitor.Wait(_gate, most);
            _isWoken = false;
        }
    }

    private void Write(List<WriteOperation> batch)
    {
        // SQLite goes on with a file that has lost its name, and all would be lost at the end; what has the name later is another file, such as a copy that was put back.
        if (_gone is null && !_statements.IsInPlace(_path)) _gone = StorageErrors.Gone(_path);
        var failure = _gone ?? TryWrite(batch);
        if (_gone is not null || (failure is not null && !_journal.IsEmpty)) _failure = failure;
        foreach (var operation in batch) operation.Complete(failure);
    }

    private GatewayError? TryWrite(List<WriteOperation> batch)
    {
        try
        {
            _statements.Begin();
            // A savepoint remembers every page that changes after it: none is made where nothing else could suffer.
            GatewayError? unwritten = null;
            if (batch.Count == 0) WriteJournal();
            else unwritten = WriteJournalApart();
            foreach (var operation in batch)
            {
                _statements.Run("SAVEPOINT one");
                if (!operation.Run(_statements, _path)) _statements.Run("ROLLBACK TO one");
                _statements.Run("RELEASE one");
            }
            _statements.Commit();
            if (unwritten is null) _journal.Written();
            _failure = unwritten;
            return null;
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            Undo();
            return StorageErrors.Of(e, _path);
        }
    }

    private void WriteJournal()
    {
        if (_journal.Seal() is { Count: > 0 } entries) SqliteLedger.Write(_statements, entries);
    }

    // Entries that cannot be written hold up no operation.
    private GatewayError? WriteJournalApart()
    {
        if (_journal.IsEmpty) return null;
        _statements.Run("SAVEPOINT one");
        GatewayError? failure = null;
        try
        {
            WriteJournal();
        }
        catch (SqliteException e)
        {
            failure = StorageErrors.Of(e, _path);
            _statements.Run("ROLLBACK TO one");
        }
        _statements.Run("RELEASE one");
        return failure;
    }

    private void Undo()
    {
        try
        {
            _statements.Rollback();
        }
        catch (SqliteException)
        {
            // The next transaction says what is wrong.
        }
    }

    private void Close()
    {
        try
        {
            _statements.Script("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException)
        {
            // Another gateway still reads: the log file stays and is taken in later.
        }
        _statements.Dispose();
        _journal.Dispose();
    }
}
