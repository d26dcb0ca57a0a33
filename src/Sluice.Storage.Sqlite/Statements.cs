using SQLitePCL;

namespace Sluice.Storage.Sqlite;

/// <summary>A connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class Statements(sqlite3 database) : IDisposable
{
    private readonly Dictionary<string, Statement> _prepared = new(StringComparer.Ordinal);

    /// <summary>Whether the file that was opened still has its name: it was neither deleted nor moved, nor did another take its place.</summary>
    public bool IsInPlace(string path) => File.Exists(path) && !OpenedFile.HasMoved(database);

    /// <summary>Runs a statement; how many rows it changed.</summary>
    /// <exception cref="SqliteException">SQLite refused.</exception>
    public int Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        Prepared(sql, values).Run();
        return raw.sqlite3_changes(database);
    }

    /// <summary>Runs a ledger entry into a statement whose first parameters are <see cref="EntryRows.Parameters"/>; how many rows it changed.</summary>
    /// <exception cref="SqliteException">SQLite refused.</exception>
    /// <exception cref="OverflowException">The cost is more than the database can hold.</exception>
    public int RunEntry(string sql, LedgerEntry entry, string? owner = null, long? amount = null)
    {
        var statement = Prepared(sql, []);
        EntryRows.Bind(statement, entry);
        if (owner is not null)
        {
            statement.Bind(EntryRows.Count + 1, owner);
            statement.Bind(EntryRows.Count + 2, amount);
        }
        statement.Run();
        return raw.sqlite3_changes(database);
    }

    /// <summary>The first column of the first row; <see langword="null"/> where there is none.</summary>
    /// <exception cref="SqliteException">SQLite refused.</exception>
    public object? Scalar(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var statement = Prepared(sql, values);
        try
        {
            return statement.Step() ? statement.Value(0) : null;
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>The rows.</summary>
    /// <exception cref="SqliteException">SQLite refused.</exception>
    public RowCursor Rows(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => new(Prepared(sql, values));

    /// <summary>Runs several statements that have no parameters, once.</summary>
    /// <exception cref="SqliteException">SQLite refused.</exception>
    public void Script(string sql)
    {
        int result = raw.sqlite3_exec(database, sql);
        if (result != raw.SQLITE_OK) throw SqliteException.Last(database, result);
    }

    /// <summary>Begins a transaction that writes.</summary>
    public void Begin() => Run("BEGIN IMMEDIATE");

    /// <summary>Ends it well.</summary>
    public void Commit() => Run("COMMIT");

    /// <summary>Undoes it, where it is still open: some errors have undone it already.</summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(database) == 0) Script("ROLLBACK");
    }

    public void Dispose()
    {
        foreach (var statement in _prepared.Values) statement.Dispose();
        database.Dispose();
    }

    private Statement Prepared(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_prepared.TryGetValue(sql, out var statement)) _prepared.Add(sql, statement = new Statement(database, sql, values));
        statement.Bind(values);
        return statement;
    }
}
