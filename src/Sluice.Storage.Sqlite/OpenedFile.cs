using System.Runtime.InteropServices;
using SQLitePCL;

namespace Sluice.Storage.Sqlite;

/// <summary>Asks SQLite of the file that it has open.</summary>
internal static class OpenedFile
{
    // https://www.sqlite.org/c3ref/c_fcntl_begin_atomic_write.html; the managed binding leaves the call out.
    private const int HasMovedOperation = 20;

    /// <summary>True where the name leads to another file now, or to none: the file system's number of the file is not the one that was opened. Never true where the system cannot tell.</summary>
    public static bool HasMoved(sqlite3 database)
    {
        int moved = 0;
        return FileControl(database.DangerousGetHandle(), 0, HasMovedOperation, ref moved) == raw.SQLITE_OK && moved != 0;
    }

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_file_control", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int FileControl(nint database, nint name, int operation, ref int value);
}
