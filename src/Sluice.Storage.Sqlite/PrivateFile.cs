namespace Sluice.Storage.Sqlite;

/// <summary>Files beside a database, and the database itself: for their owner alone.</summary>
internal static class PrivateFile
{
    /// <summary>Opens a file without a buffer, and makes it where the mode says so.</summary>
    /// <exception cref="IOException">It cannot be opened or made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <summary>Takes a file away that nobody needs any more. Where that cannot be done it stays behind, and does no harm.</summary>
    public static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder may be read-only by now, and Windows deletes no open file.
        }
    }
}
