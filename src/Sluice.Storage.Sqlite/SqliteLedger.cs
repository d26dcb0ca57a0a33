using System.Runtime.CompilerServices;
using Sluice.Errors;

namespace Sluice.Storage.Sqlite;

/// <summary>The ledger.</summary>
internal sealed class SqliteLedger(SqliteWriter writer, Readers readers) : ILedgerStore
{
    private const int PageSize = 500;
    private const string Insert = $"INSERT INTO ledger ({EntryRows.Columns}) VALUES ({EntryRows.Parameters}) ON CONFLICT (id) DO NOTHING";

    public async ValueTask<GatewayError?> WriteAsync(LedgerEntry entry, CancellationToken cancellationToken) =>
        (await writer.WriteAsync(database => Write(database, entry), cancellationToken).ConfigureAwait(false)).Error;

    public ValueTask<Outcome<SpendReport>> SpendAsync(SpendQuery query, CancellationToken cancellationToken)
    {
        var (report, error) = readers.Read(database => SpendReader.Read(database, query));
        return ValueTask.FromResult(error is null ? Outcome.Of(report!) : error);
    }

    public async IAsyncEnumerable<LedgerEntry> ReadAsync(LedgerFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
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

    public async ValueTask<GatewayError?> RepriceAsync(IReadOnlyList<Repricing> entries, CancellationToken cancellationToken) =>
        (await writer.WriteAsync(database => Reprice(database, entries), cancellationToken).ConfigureAwait(false)).Error;

    public async ValueTask<Outcome<DeletedEntries>> DeleteBeforeAsync(DateTimeOffset time, int most, CancellationToken cancellationToken)
    {
        var (count, error) = await writer.WriteAsync(
            database => database.Run("DELETE FROM ledger WHERE row IN (SELECT row FROM ledger WHERE started < $time ORDER BY started LIMIT $most)", ("$time", Times.Of(time)), ("$most", most)),
            cancellationToken).ConfigureAwait(false);
        return error is null ? new DeletedEntries(count) : error;
    }

    /// <summary>Writes an entry, ends its reservations and counts it against the budgets that know its scopes.</summary>
    internal static bool Write(Statements database, LedgerEntry entry)
    {
        bool isNew = database.Run(Insert, EntryRows.Values(entry)) == 1;
        SqliteBudgets.EndReservations(database, entry.Id);
        if (isNew && entry.CostUsd is { } cost) SqliteBudgets.Count(database, entry, Pico.Of(cost));
        return isNew;
    }

    private static bool Reprice(Statements database, IReadOnlyList<Repricing> entries)
    {
        foreach (var change in entries)
        {
            LedgerEntry? before;
            using (var rows = database.Rows($"SELECT {EntryRows.Columns} FROM ledger WHERE id = $id", ("$id", change.Id))) before = rows.Read() ? EntryRows.Read(rows) : null;
            if (before is null) continue;
            database.Run("UPDATE ledger SET cost = $cost, price = $price WHERE id = $id", ("$cost", change.CostUsd is { } cost ? Pico.Of(cost) : null), ("$price", change.Price), ("$id", change.Id));
            long difference = Pico.Of(change.CostUsd ?? 0) - Pico.Of(before.CostUsd ?? 0);
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
        while (rows.Read()) page.Add((rows.GetInt64(28), EntryRows.Read(rows)));
        return page;
    }
}
