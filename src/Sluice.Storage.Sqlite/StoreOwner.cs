namespace Sluice.Storage.Sqlite;

/// <summary>
/// Which process holds a reservation. One is gone when its lock is (<see cref="OwnerLock"/>), whatever clocks say; where locks do not work, when it has not
/// been seen for a while.
/// </summary>
internal sealed class StoreOwner : IDisposable
{
    /// <summary>How often an owner says that it lives.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(60);
    private readonly OwnerLock _lock;
    private readonly bool _isLocked;
    private readonly TimeProvider _time;

    private StoreOwner(string database, string id, OwnerLock held, TimeProvider time) => (Database, Id, _lock, _isLocked, _time) = (database, id, held, held.Works(), time);

    /// <summary>The database file, by its own name and not that of a link.</summary>
    public string Database { get; }

    /// <summary>This store's id.</summary>
    public string Id { get; }

    /// <summary>Becomes an owner.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="IOException">The lock cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not make it.</exception>
    public static StoreOwner Enter(string path, TimeProvider time)
    {
        // A link would have each of its names see other locks.
        string database = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        var held = OwnerLock.Take(database, out string id);
        return new StoreOwner(database, id, held, time);
    }

    /// <summary>Says that it lives.</summary>
    public bool Seen(Statements database)
    {
        database.Run(
            "INSERT INTO owner (id, locked, seen) VALUES ($id, $locked, $seen) ON CONFLICT (id) DO UPDATE SET seen = $seen",
            ("$id", Id), ("$locked", _isLocked), ("$seen", Times.Of(_time.GetUtcNow())));
        return true;
    }

    /// <summary>Says that it ends: what it still holds belongs to nobody then. True where it was the last.</summary>
    public bool Leave(Statements database)
    {
        database.Run("DELETE FROM owner WHERE id = $id", ("$id", Id));
        return database.Scalar("SELECT 1 FROM owner LIMIT 1") is null;
    }

    /// <summary>Settles what owners that are gone had reserved, as an estimate: the most that each call could cost.</summary>
    public int SettleOrphans(Statements database)
    {
        foreach (string gone in Gone(database))
        {
            database.Run("DELETE FROM owner WHERE id = $id", ("$id", gone));
            OwnerLock.Remove(Database, gone);
        }
        return Settle(database, "owner NOT IN (SELECT id FROM owner)");
    }

    /// <summary>Settles what one call has reserved, likewise.</summary>
    public static int SettleLost(Statements database, string id) => Settle(database, "id = $id OR (id > $id || '#' AND id < $id || '$')", ("$id", id));

    private static int Settle(Statements database, string which, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var lost = new List<LedgerEntry>();
        using (var rows = database.Rows($"SELECT {EntryRows.Columns} FROM open_call WHERE {which}", values))
        {
            while (rows.Read()) lost.Add(EntryRows.Read(rows));
        }
        // Reservations of single attempts belong to the call before the '#'.
        var calls = lost.GroupBy(e => e.Id.Split('#')[0], StringComparer.Ordinal).ToArray();
        foreach (var call in calls) SqliteLedger.Write(database, [call.MaxBy(e => e.CostUsd ?? 0)! with { Id = call.Key, Estimated = true }]);
        return calls.Length;
    }

    /// <summary>The owners that live.</summary>
    public HashSet<string> Living(Statements database)
    {
        var living = new HashSet<string>(StringComparer.Ordinal);
        using (var rows = database.Rows("SELECT id FROM owner"))
        {
            while (rows.Read()) living.Add(rows.Text(0));
        }
        living.ExceptWith(Gone(database));
        return living;
    }

    /// <summary>Gives the lock up.</summary>
    public void Dispose() => _lock.Dispose();

    private List<string> Gone(Statements database)
    {
        var gone = new List<string>();
        using var rows = database.Rows("SELECT id, locked, seen FROM owner WHERE id <> $id", ("$id", Id));
        while (rows.Read())
        {
            string id = rows.Text(0);
            bool? isHeld = rows.Int64(1) != 0 ? OwnerLock.IsHeld(Database, id) : null;
            if (isHeld is { } held ? !held : IsSilent(Times.Time(rows.Int64(2)))) gone.Add(id);
        }
        return gone;
    }

    private bool IsSilent(DateTimeOffset seen) => _time.GetUtcNow() - seen > GoneAfter;
}
