using System.Threading.Channels;
using Sluice.Errors;

namespace Sluice.Storage.Sqlite;

/// <summary>
/// The one thread that writes. All operations that wait are done in one transaction, so that the cost of a commit is shared; each in a savepoint of its own, so that one that
/// fails takes nothing with it. An operation ends when a killed process would no longer lose it.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MostWaiting = 20_000;
    private const int MostAtOnce = 512;
    private readonly Channel<WriteOperation> _waiting = Channel.CreateBounded<WriteOperation>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly Statements _statements;
    private readonly string _path;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SqliteWriter(Statements statements, string path)
    {
        (_statements, _path) = (statements, path);
        _thread = new Thread(Work) { IsBackground = true, Name = "sluice-store" };
        _thread.Start();
    }

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
        // What has been handed over is done, or fails: it is not given up half-way.
        return await operation.Done.ConfigureAwait(false);
    }

    /// <summary>Writes what still waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _ended.Task.ConfigureAwait(false);
    }

    private void Work()
    {
        var batch = new List<WriteOperation>(MostAtOnce);
        var reader = _waiting.Reader;
        while (Wait(reader))
        {
            while (batch.Count < MostAtOnce && reader.TryRead(out var operation)) batch.Add(operation);
            if (batch.Count == 0) continue;
            Write(batch);
            batch.Clear();
        }
        Close();
        _ended.SetResult();
    }

    private static bool Wait(ChannelReader<WriteOperation> reader)
    {
        var wait = reader.WaitToReadAsync();
        return wait.IsCompleted ? wait.Result : wait.AsTask().GetAwaiter().GetResult();
    }

    private void Write(List<WriteOperation> batch)
    {
        GatewayError? failure = null;
        try
        {
            using var transaction = _statements.Begin();
            foreach (var operation in batch)
            {
                _statements.Run("SAVEPOINT one");
                if (!operation.Run(_statements, _path)) _statements.Run("ROLLBACK TO one");
                _statements.Run("RELEASE one");
            }
            transaction.Commit();
        }
        catch (Exception e) when (e is Microsoft.Data.Sqlite.SqliteException or InvalidOperationException)
        {
            failure = StorageErrors.Of(e, _path);
        }
        _statements.Transaction = null;
        foreach (var operation in batch) operation.Complete(failure);
    }

    private void Close()
    {
        try
        {
            _statements.Run("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // Another gateway still reads: the log file stays and is taken in later.
        }
        _statements.Dispose();
    }
}
