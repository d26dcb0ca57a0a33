using SQLitePCL;

namespace Sluice.Storage.Sqlite;

/// <summary>SQLite refused. It never leaves the store: its callers get an error value.</summary>
internal sealed class SqliteException(string message, int result) : Exception(message)
{
    /// <summary>SQLite's primary result code (https://www.sqlite.org/rescode.html).</summary>
    public int Code { get; } = result & 0xFF;

    /// <summary>What a connection says of the call that has just failed.</summary>
    public static SqliteException Last(sqlite3 database, int result) => new(raw.sqlite3_errmsg(database).utf8_to_string() ?? $"SQLite error {result}", result);
}
