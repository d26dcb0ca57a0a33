using System.Collections.Concurrent;
using Sluice.Errors;

namespace Sluice.Storage.Sqlite;

/// <summary>Lends connections for reading. WAL lets any number read while one writes.</summary>
internal sealed class Readers(string path) : IDisposable
{
    private const int MostIdle = 8;
    private readonly ConcurrentBag<Statements> _idle = [];
    private volatile bool _closed;

    /// <summary>Reads something; or says why it cannot be read.</summary>
    public (T? Value, GatewayError? Error) Read<T>(Func<Statements, T> read)
    {
        if (_closed) return (default, StorageErrors.Closed);
        Statements? reader = null;
        try
        {
            if (!_idle.TryTake(out reader)) reader = Connections.ToRead(path);
            var value = read(reader);
            if (_closed || _idle.Count >= MostIdle) reader.Dispose();
            else _idle.Add(reader);
            return (value, null);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or OverflowException)
        {
            // A connection that failed is not lent again.
            reader?.Dispose();
            return (default, StorageErrors.Of(e, path));
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var reader)) reader.Dispose();
    }
}
