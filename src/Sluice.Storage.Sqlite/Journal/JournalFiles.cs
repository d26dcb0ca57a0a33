using System.Globalization;

namespace Sluice.Storage.Sqlite.Journal;

/// <summary>The journals beside a database: <c>sluice.db-calls-OWNER-N</c>.</summary>
internal static class JournalFiles
{
    private const string Mark = "-calls-";

    /// <summary>The path of a journal.</summary>
    public static string PathOf(string database, string owner, int number) => $"{database}{Mark}{owner}-{number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The journals of other owners that hold entries now, and how long they are.</summary>
    public static List<(string Path, long Length)> Filled(string database, string owner) =>
        [.. Of(database).Where(path => OwnerOf(path) != owner).Select(path => (path, Length(path))).Where(journal => journal.Item2 > 0)];

    /// <summary>Whether all that a journal held is in the tables: it was emptied since.</summary>
    public static bool IsEmptiedSince((string Path, long Length) journal) => Length(journal.Path) < journal.Length;

    /// <summary>The journals of owners that live no more.</summary>
    public static IEnumerable<string> Left(string database, IReadOnlySet<string> living) => Of(database).Where(path => !living.Contains(OwnerOf(path)));

    /// <summary>What a journal holds, oldest first. Nothing, where another gateway has taken it in meanwhile.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static List<LedgerEntry> Read(string path)
    {
        var entries = new List<LedgerEntry>();
        byte[] all;
        try
        {
            all = File.ReadAllBytes(path);
        }
        catch (FileNotFoundException)
        {
            return entries;
        }
        for (int start = 0; start < all.Length;)
        {
            int end = Array.IndexOf(all, (byte)'\n', start);
            // The kill came in the midst of the last line: its call was not finished.
            if (end < 0) break;
            if (EntryJson.Read(all.AsMemory(start, end - start)) is { } entry) entries.Add(entry);
            start = end + 1;
        }
        return entries;
    }

    private static long Length(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    }

    private static string[] Of(string database) => Directory.GetFiles(Path.GetDirectoryName(database)!, Path.GetFileName(database) + Mark + "*");

    private static string OwnerOf(string path)
    {
        string name = path[(path.LastIndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..];
        return name[..Math.Max(0, name.LastIndexOf('-'))];
    }
}
