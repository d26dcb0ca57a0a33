using System.Runtime.CompilerServices;
using Sluice.Errors;

namespace Sluice.Storage.Sqlite;

/// <summary>The ledger.</summary>
internal sealed class SqliteLedger(SqliteWriter writer, Readers readers, Func<CancellationToken, ValueTask<GatewayError?>> settled) : ILedgerStore
{
    private const int PageSize = 500;
    private const string Insert = $"INSERT INTO ledger ({EntryRows.Columns}) VALUES ({EntryRows.Parameters}) ON CONFLICT (id) DO NOTHING";

    public GatewayError? Failure => writer.Failure;

    public ValueTask<GatewayError?> WriteAsync(LedgerEntry entry, CancellationToken cancellationToken)
    {
        // No call costs that much: its price is wrong, and its tokens must not be lost for it.
        if (!Pico.Holds(entry.CostUsd)) entry = entry with { CostUsd = null };
        return writer.Add(entry) is null ? default : WriteNowAsync(entry, cancellationToken);
    }

    public async ValueTask<Outcome<SpendReport>> SpendAsync(SpendQuery query, CancellationToken cancellationToken)
    {
        if (await settled(cancellationToken).ConfigureAwait(false) is { } unsettled) return unsettled;
        var (report, error) = readers.Read(database => SpendReader.Read(database, query));
        return error is null ? Outcome.Of(report!) : error;
    }

    public async IAsyncEnumerable<LedgerEntry> ReadAsync(LedgerFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await settled(cancellationToken).ConfigureAwait(false) is { } unsettled) throw new SluiceException(unsettled);
        var (started, after) = (long.MinValue, 0L);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (page, error) = readers.Read(database => Page(database, filter, started, after));
            if (error is not null) throw new SluiceException(error);
            foreach (var (row, entry) in page!)
            {
                (started, after) = (Times.Of(entry.StartedAt), row);
                yield return entry;
            }
            if (page.Count < PageSize) yield break;
            await Task.Yield();
        }
    }

    // Where there is no room for a journal there may still be room in the database.
    private async ValueTask<GatewayError?> WriteNowAsync(LedgerEntry entry, CancellationToken cancellationToken) =>
        (await writer.WriteAsync(database => Write(database, [entry]), cancellationToken).ConfigureAwait(false)).Error;

    public async ValueTask<GatewayError?> RepriceAsync(IReadOnlyList<Repricing> entries, CancellationToken cancellationToken) =>
        (await writer.WriteAsync(database => Reprice(database, entries), cancellationToken).ConfigureAwait(false)).Error;

    public async ValueTask<Outcome<DeletedEntries>> DeleteBeforeAsync(DateTimeOffset time, int most, CancellationToken cancellationToken)
    {
        var (count, error) = await writer.WriteAsync(
            database => database.Run("DELETE FROM ledger WHERE row IN (SELECT row FROM ledger WHERE started < $time ORDER BY started LIMIT $most)", ("$time", Times.Of(time)), ("$most", most)),
            cancellationToken).ConfigureAwait(false);
        return error is null ? new DeletedEntries(count) : error;
    }

    /// <summary>Writes entries, ends their reservations and counts them against the budgets that know their scopes. What is there already stays as it is.</summary>
    internal static bool Write(Statements database, IReadOnlyList<LedgerEntry> entries)
    {
        bool anyOpen = database.Scalar("SELECT 1 FROM open_call LIMIT 1") is not null;
        bool anyBudget = database.Scalar("SELECT 1 FROM budget LIMIT 1") is not null;
        for (int i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            bool isNew = database.RunEntry(Insert, entry) == 1;
            if (anyOpen) SqliteBudgets.EndReservations(database, entry.Id);
            if (anyBudget && isNew && entry.CostUsd is { } cost) SqliteBudgets.Count(database, entry, Pico.Of(cost));
        }
        return true;
    }

    private static bool Reprice(Statements database, IReadOnlyList<Repricing> entries)
    {
        foreach (var change in entries)
        {
            LedgerEntry? before;
            using (var rows = database.Rows($"SELECT {EntryRows.Columns} FROM ledger WHERE id = $id", ("$id", change.Id))) before = rows.Read() ? EntryRows.Read(rows) : null;
            if (before is null) continue;
            long? now = Pico.Holds(change.CostUsd) && change.CostUsd is { } cost ? Pico.Of(cost) : null;
            database.Run("UPDATE ledger SET cost = $cost, price = $price WHERE id = $id", ("$cost", now), ("$price", change.Price), ("$id", change.Id));
            long difference = (now ?? 0) - Pico.Of(before.CostUsd ?? 0);
            if (difference != 0) SqliteBudgets.Count(database, before, difference);
        }
        return true;
    }

    private static List<(long Row, LedgerEntry Entry)> Page(Statements database, LedgerFilter filter, long started, long after)
    {
        var page = new List<(long, LedgerEntry)>(PageSize);
        using var rows = database.Rows(
            $"SELECT {EntryRows.Columns}, row FROM ledger WHERE (started > $at OR (started = $at AND row > $after)) AND {LedgerConditions.Sql} ORDER BY started, row LIMIT $most",
            LedgerConditions.Values(filter, ("$at", started), ("$after", after), ("$most", PageSize)));
        while (rows.Read()) page.Add((rows.Int64(28), EntryRows.Read(rows)));
        return page;
    }
}
