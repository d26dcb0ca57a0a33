using System.Security.Cryptography;

namespace Sluice.Storage.Sqlite;

/// <summary>
/// A locked file beside the database that lives as long as its process: the system takes the lock away when the process ends, however it ends. All
/// processes that can share a SQLite database share the kernel that keeps it, also from other containers, where process numbers and host names say nothing.
/// </summary>
internal sealed class OwnerLock : IDisposable
{
    private const string Mark = "-owner-";
    private readonly string _path;
    private readonly FileStream _file;

    private OwnerLock(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>Takes a lock under a new id.</summary>
    /// <param name="database">The database file.</param>
    /// <param name="id">The id.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not make it.</exception>
    public static OwnerLock Take(string database, out string id)
    {
        id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        string path = PathOf(database, id);
        return new OwnerLock(path, PrivateFile.Open(path, FileMode.CreateNew, FileShare.None));
    }

    /// <summary>Whether the owner with this id lives; <see langword="null"/> where locks cannot tell.</summary>
    public static bool? IsHeld(string database, string id)
    {
        try
        {
            using var file = new FileStream(PathOf(database, id), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            // Removed by hand, or the database was moved without it.
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Takes away the file of an owner that is gone.</summary>
    public static void Remove(string database, string id) => PrivateFile.Remove(PathOf(database, id));

    /// <summary>Whether this file system keeps locks: some that are mounted over a network do not.</summary>
    public bool Works()
    {
        try
        {
            using var second = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose()
    {
        // While it is still locked: nobody can take it for one that was left behind. Where that is not done the next start takes it away.
        PrivateFile.Remove(_path);
        _file.Dispose();
    }

    private static string PathOf(string database, string id) => database + Mark + id;
}
