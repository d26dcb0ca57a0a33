using System.Buffers;
using Sluice.Errors;
using Sluice.Formats.Json;

namespace Sluice.Storage.Sqlite.Journal;

/// <summary>
/// Takes ledger entries the moment they come, so that a finished call does not wait for a transaction: one write to a file, which a killed process does not take back. The
/// store's writer brings them into the tables, many at a time. Two files take turns: one is filled while the other's entries are written. Thread-safe.
/// </summary>
internal sealed class LedgerJournal(StoreOwner owner) : IDisposable
{
    /// <summary>How many entries may wait for a database that does not take them.</summary>
    public const int Most = 100_000;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_line;

    private readonly Lock _gate = new();
    private JournalFile? _filling;
    private JournalFile? _sealed;
    private JournalFile? _spare;
    private int _files;

    /// <summary>True while nothing waits.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate) return _sealed is null && _filling is null or { Entries.Count: 0 };
        }
    }

    /// <summary>Keeps an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="isFirst">True where nothing waited before it: the writer must be told.</param>
    /// <returns>Why it could not be kept.</returns>
    public GatewayError? Add(LedgerEntry entry, out bool isFirst)
    {
        isFirst = false;
        var line = Line(entry);
        try
        {
            lock (_gate)
            {
                if ((_sealed?.Entries.Count ?? 0) + (_filling?.Entries.Count ?? 0) >= Most) return StorageErrors.Behind(owner.Database, Most);
                _filling ??= JournalFile.Create(JournalFiles.PathOf(owner.Database, owner.Id, _files++));
                _filling.Add(entry, line);
                isFirst = _filling.Entries.Count == 1;
                return null;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return StorageErrors.Of(e, owner.Database);
        }
    }

    /// <summary>The entries to be written now, in the order in which they came; those of the last time where they were not <see cref="Written"/>. For the writer alone.</summary>
    public IReadOnlyList<LedgerEntry> Seal()
    {
        lock (_gate)
        {
            if (_sealed is null && _filling is { Entries.Count: > 0 }) (_sealed, _filling, _spare) = (_filling, _spare, null);
            return _sealed?.Entries ?? [];
        }
    }

    /// <summary>What was sealed is in the tables.</summary>
    public void Written()
    {
        if (_sealed is not { } written) return;
        try
        {
            written.Clear();
        }
        catch (IOException)
        {
            // The lines are read again after a kill, and known by their ids.
        }
        lock (_gate) (_sealed, _spare) = (null, written);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var file in new[] { _filling, _sealed, _spare }) file?.Dispose();
            (_filling, _sealed, _spare) = (null, null, null);
        }
    }

    private static ReadOnlySpan<byte> Line(LedgerEntry entry)
    {
        var line = t_line ??= new ArrayBufferWriter<byte>(2048);
        line.ResetWrittenCount();
        JsonOutput.Write(line, entry, EntryJson.Write);
        line.Write("\n"u8);
        return line.WrittenSpan;
    }
}
