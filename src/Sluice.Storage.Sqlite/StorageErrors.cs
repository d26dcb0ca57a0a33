using Sluice.Errors;

namespace Sluice.Storage.Sqlite;

/// <summary>Says what is wrong with the database, and what would be right.</summary>
internal static class StorageErrors
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>An error of SQLite or of the file system, in words.</summary>
    public static GatewayError Of(Exception e, string path) => new(ErrorKind.Internal, Sentence(e, path)) { Code = "storage", Status = 503 };

    /// <summary>The database was written by a later version.</summary>
    public static GatewayError Newer(string path, long found, long known) =>
        new(ErrorKind.Internal, $"the database {path} was written by a newer version of Sluice (its tables have version {found}, this one knows {known}); run the newer version, or set storage.sqlite to another file") { Code = "storage", Status = 503 };

    /// <summary>The file is a database of another program.</summary>
    public static GatewayError Foreign(string path) =>
        new(ErrorKind.Internal, $"{path} is a database of another program; set storage.sqlite to another file") { Code = "storage", Status = 503 };

    /// <summary>The database does not take entries, and no more can be kept beside it.</summary>
    public static GatewayError Behind(string path, int most) =>
        new(ErrorKind.Internal, $"the database {path} does not take what is written, and {most} calls wait beside it already") { Code = "storage", Status = 503 };

    /// <summary>The file was taken away while it was open.</summary>
    public static GatewayError Gone(string path) =>
        new(ErrorKind.Internal, $"the database {path} is gone: it was deleted, moved or replaced while this gateway runs; stop the gateway, put the file in place, and start again (without it a new one is made)") { Code = "storage", Status = 503 };

    /// <summary>The store was closed.</summary>
    public static GatewayError Closed { get; } = new(ErrorKind.Internal, "the store is closed") { Code = "storage", Status = 503 };

    private static string Sentence(Exception e, string path) => e switch
    {
        SqliteException { Code: NotADatabase or Corrupt } => $"the database {path} is damaged or not a database; move it away and restore a copy, or set storage.sqlite to another file",
        SqliteException { Code: ReadOnly } => $"the database {path} cannot be written to; give this user the right to write the file and its folder",
        SqliteException { Code: Full } => $"there is no room left on the disk of {path}",
        SqliteException { Code: CannotOpen } => $"the database {path} cannot be opened; its folder must exist and this user must be allowed to write there",
        SqliteException { Code: Busy or Locked } => $"another program keeps the database {path} locked",
        SqliteException { Code: InputOutput } => $"the disk of {path} reports an error",
        SqliteException s => $"the database {path} reports error {s.Code}",
        UnauthorizedAccessException => $"the database {path} cannot be opened: this user may not read and write it",
        DirectoryNotFoundException => $"the folder of the database {path} does not exist; make it, or set storage.sqlite to another file",
        OverflowException => $"an amount is too large for the database {path}",
        _ => $"the database {path} cannot be used: {e.Message}",
    };
}
