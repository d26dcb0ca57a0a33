using SQLitePCL;

namespace Sluice.Storage.Sqlite;

/// <summary>Opens connections to one database file.</summary>
internal static class Connections
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int BusySeconds = 5;

    /// <summary>Makes the file where it is missing, and keeps others from reading it: it tells who used what, and holds the pepper of the keys.</summary>
    public static void Protect(string path)
    {
        // Only a file that is not there: when a process closes a file, POSIX takes away all locks that it has on it, those of SQLite's connections too.
        if (!File.Exists(path)) PrivateFile.Open(path, FileMode.OpenOrCreate, FileShare.ReadWrite | FileShare.Delete).Dispose();
        if (OperatingSystem.IsWindows()) return;
        if ((File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None) File.SetUnixFileMode(path, OwnerOnly);
    }

    /// <summary>Opens a connection that writes.</summary>
    public static Statements ToWrite(string path) => Open(path, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000;");

    /// <summary>Opens a connection that only reads.</summary>
    public static Statements ToRead(string path) => Open(path, "PRAGMA query_only = ON;");

    private static Statements Open(string path, string settings)
    {
        Batteries_V2.Init();
        // One thread at a time uses a connection: SQLite need not hold a mutex of its own.
        int result = raw.sqlite3_open_v2(path, out var database, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX, null);
        try
        {
            if (result != raw.SQLITE_OK) throw SqliteException.Last(database, result);
            var statements = new Statements(database);
            statements.Script($"PRAGMA busy_timeout = {BusySeconds * 1000}; {settings}");
            return statements;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }
}
