namespace Sluice.Storage.Sqlite;

/// <summary>
/// Tells all gateways that share a database that a key has changed: a file beside it that grows by a byte each time. To look at its length costs a call a tenth of what
/// it costs to ask the database.
/// </summary>
internal sealed class KeySignal : IDisposable
{
    private readonly string _path;
    private readonly FileStream? _file;

    /// <summary>Opens the file, and makes it where it is missing.</summary>
    public KeySignal(string database)
    {
        _path = database + "-keys";
        try
        {
            _file = PrivateFile.Open(_path, FileMode.OpenOrCreate, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without it the database is asked each time.
        }
    }

    /// <summary>How often a key has changed, as far as this file tells; <see langword="null"/> where it cannot.</summary>
    public long? Count
    {
        get
        {
            try
            {
                return _file is null ? null : RandomAccess.GetLength(_file.SafeFileHandle);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                return null;
            }
        }
    }

    /// <summary>A key has changed. Where that cannot be told here, others find out when they next ask the database.</summary>
    public void Raise()
    {
        try
        {
            // Two that write at one place make it grow by one byte: whoever sees that asks the database, where both changes are by then.
            if (_file is not null) RandomAccess.Write(_file.SafeFileHandle, [0], RandomAccess.GetLength(_file.SafeFileHandle));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // They ask it once a second.
        }
    }

    /// <summary>Takes the file away. Only for the last that has the database open, while nobody else can come.</summary>
    public void Remove() => PrivateFile.Remove(_path);

    public void Dispose() => _file?.Dispose();
}
