using System.Diagnostics;
using System.Globalization;

namespace Sluice.Storage.Sqlite;

/// <summary>
/// Which process holds a reservation. One on the same machine is gone when its process is; one elsewhere when it has not been seen for a while.
/// </summary>
internal sealed class StoreOwner(TimeProvider time)
{
    /// <summary>How often an owner says that it lives.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(60);

    /// <summary>This store's id.</summary>
    public string Id { get; } = System.Security.Cryptography.RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Says that it lives.</summary>
    public bool Seen(Statements database)
    {
        database.Run(
            "INSERT INTO owner VALUES ($id, $host, $process, $began, $seen) ON CONFLICT (id) DO UPDATE SET seen = $seen",
            ("$id", Id), ("$host", Environment.MachineName), ("$process", Environment.ProcessId), ("$began", Began(Environment.ProcessId) ?? 0), ("$seen", Times.Of(time.GetUtcNow())));
        return true;
    }

    /// <summary>Says that it ends. What it still holds belongs to nobody then.</summary>
    public bool Leave(Statements database) => database.Run("DELETE FROM owner WHERE id = $id", ("$id", Id)) > 0;

    /// <summary>Settles what owners that are gone had reserved, as an estimate: the most that each call could cost.</summary>
    public int SettleOrphans(Statements database)
    {
        foreach (string gone in Gone(database)) database.Run("DELETE FROM owner WHERE id = $id", ("$id", gone));
        var orphans = new List<LedgerEntry>();
        using (var rows = database.Rows($"SELECT {EntryRows.Columns} FROM open_call WHERE owner NOT IN (SELECT id FROM owner)"))
        {
            while (rows.Read()) orphans.Add(EntryRows.Read(rows));
        }
        // Reservations of single attempts belong to the call before the '#'.
        var calls = orphans.GroupBy(e => e.Id.Split('#')[0], StringComparer.Ordinal).ToArray();
        foreach (var call in calls) SqliteLedger.Write(database, call.MaxBy(e => e.CostUsd ?? 0)! with { Id = call.Key, Estimated = true });
        return calls.Length;
    }

    private List<string> Gone(Statements database)
    {
        var gone = new List<string>();
        using var rows = database.Rows("SELECT id, host, process, began, seen FROM owner WHERE id <> $id", ("$id", Id));
        while (rows.Read())
        {
            bool isHere = rows.GetString(1) == Environment.MachineName;
            bool isGone = isHere ? Began((int)rows.GetInt64(2)) != rows.GetInt64(3) : Times.Time(rows.GetInt64(4)) < time.GetUtcNow() - GoneAfter;
            if (isGone) gone.Add(rows.GetString(0));
        }
        return gone;
    }

    // Process numbers are used again: the time of its start tells one from another. Linux tells it in ticks since boot, whatever the clock does.
    private static long? Began(int process)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                string stat = File.ReadAllText($"/proc/{process}/stat");
                return long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], CultureInfo.InvariantCulture);
            }
            using var found = Process.GetProcessById(process);
            return new DateTimeOffset(found.StartTime).ToUnixTimeSeconds();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
