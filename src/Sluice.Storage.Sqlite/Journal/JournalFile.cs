namespace Sluice.Storage.Sqlite.Journal;

/// <summary>A file of entries on their way into the tables, and the same entries in memory. Not thread-safe.</summary>
internal sealed class JournalFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private long _end;

    private JournalFile(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>What it holds, oldest first.</summary>
    public List<LedgerEntry> Entries { get; } = [];

    /// <summary>Makes a file that its owner alone may read.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static JournalFile Create(string path) => new(path, PrivateFile.Open(path, FileMode.CreateNew, FileShare.ReadWrite | FileShare.Delete));

    /// <summary>Adds an entry. Afterwards a kill of this process does not lose it.</summary>
    /// <exception cref="IOException">The disk has no room, or fails; nothing was added then.</exception>
    public void Add(LedgerEntry entry, ReadOnlySpan<byte> line)
    {
        RandomAccess.Write(_file.SafeFileHandle, line, _end);
        _end += line.Length;
        Entries.Add(entry);
    }

    /// <summary>Forgets what is in the tables by now.</summary>
    public void Clear()
    {
        Entries.Clear();
        _end = 0;
        // Where that fails the lines are there once more after a kill, and are known by their ids.
        RandomAccess.SetLength(_file.SafeFileHandle, 0);
    }

    /// <summary>Lets go of the file, and removes it where nothing is left in it.</summary>
    public void Dispose()
    {
        _file.Dispose();
        if (Entries.Count == 0) PrivateFile.Remove(_path);
    }
}
