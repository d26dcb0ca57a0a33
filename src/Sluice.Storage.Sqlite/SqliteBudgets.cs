using Sluice.Errors;

namespace Sluice.Storage.Sqlite;

/// <summary>What is spent and reserved of each budget.</summary>
internal sealed class SqliteBudgets(SqliteWriter writer, Readers readers, StoreOwner owner, Func<CancellationToken, ValueTask<GatewayError?>> takeIn) : IBudgetStore
{
    // Long enough for calls that began before the period turned.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    public async ValueTask<ReservationResult> ReserveAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        var (result, error) = await writer.WriteAsync(database => Reserve(database, reservation), cancellationToken).ConfigureAwait(false);
        return error is null ? result : new ReservationResult { Error = error };
    }

    public async ValueTask<GatewayError?> ReleaseAsync(string id, CancellationToken cancellationToken) =>
        (await writer.WriteAsync(database => EndReservations(database, id), cancellationToken).ConfigureAwait(false)).Error;

    public async ValueTask<GatewayError?> SettleLostAsync(string id, CancellationToken cancellationToken) =>
        (await writer.WriteAsync(database => StoreOwner.SettleLost(database, id), cancellationToken).ConfigureAwait(false)).Error;

    public async ValueTask<Outcome<SettledReservations>> SettleOrphansAsync(CancellationToken cancellationToken)
    {
        if (await takeIn(cancellationToken).ConfigureAwait(false) is { } left) return left;
        var (count, error) = await writer.WriteAsync(owner.SettleOrphans, cancellationToken).ConfigureAwait(false);
        return error is null ? new SettledReservations(count) : error;
    }

    public async ValueTask<Outcome<IReadOnlyList<BudgetStanding>>> StandingsAsync(IReadOnlyList<BudgetPeriod> periods, CancellationToken cancellationToken)
    {
        if (await writer.FlushAsync(cancellationToken).ConfigureAwait(false) is { } unsettled) return unsettled;
        var (standings, error) = readers.Read(database => (IReadOnlyList<BudgetStanding>)[.. periods.Select(p => Find(database, p) ?? new BudgetStanding(p, Usd(SpentBefore(database, p)), 0))]);
        return error is null ? Outcome.Of(standings!) : error;
    }

    /// <summary>Ends the reservations of a call: its own, and those of its attempts (<c>ID#...</c>).</summary>
    internal static bool EndReservations(Statements database, string id)
    {
        // '$' follows '#': everything that begins with ID#.
        if (database.Scalar("SELECT 1 FROM open_call WHERE id = $id OR (id > $id || '#' AND id < $id || '$') LIMIT 1", ("$id", id)) is null) return false;
        database.Run(
            """
            UPDATE budget SET reserved = max(0, reserved - (SELECT sum(c.amount) FROM open_cap o JOIN open_call c ON c.id = o.call
                WHERE o.scope = budget.scope AND o.kind = budget.kind AND o.start = budget.start AND (o.call = $id OR (o.call > $id || '#' AND o.call < $id || '$'))))
            WHERE EXISTS (SELECT 1 FROM open_cap o WHERE o.scope = budget.scope AND o.kind = budget.kind AND o.start = budget.start AND (o.call = $id OR (o.call > $id || '#' AND o.call < $id || '$')))
            """,
            ("$id", id));
        database.Run("DELETE FROM open_cap WHERE call = $id OR (call > $id || '#' AND call < $id || '$')", ("$id", id));
        database.Run("DELETE FROM open_call WHERE id = $id OR (id > $id || '#' AND id < $id || '$')", ("$id", id));
        return true;
    }

    /// <summary>Counts an amount against every budget that is kept for the scopes of an entry, in the period in which it began.</summary>
    internal static void Count(Statements database, LedgerEntry entry, long amount)
    {
        long started = Times.Of(entry.StartedAt);
        foreach (string scope in BudgetScopes.Of(entry))
        {
            database.Run(
                "UPDATE budget SET spent_micros = spent_micros + (spent + $amount) / 1000000, spent = (spent + $amount) % 1000000 WHERE scope = $scope AND start <= $started AND until > $started",
                ("$amount", amount), ("$scope", scope), ("$started", started));
        }
    }

    private ReservationResult Reserve(Statements database, Reservation reservation)
    {
        long amount = Pico.Ceiling(reservation.Amount);
        var standings = new BudgetStanding[reservation.Caps.Count];
        for (int i = 0; i < standings.Length; i++)
        {
            var cap = reservation.Caps[i];
            standings[i] = Find(database, cap.Period) ?? Open(database, cap.Period);
            if (cap.Limit is { } limit && standings[i].Spent + standings[i].Reserved + reservation.Amount > limit) return new ReservationResult { Refused = cap, Standing = standings[i] };
        }
        database.RunEntry($"INSERT INTO open_call ({EntryRows.Columns}, owner, amount) VALUES ({EntryRows.Parameters}, ?29, ?30)", reservation.IfLost with { Id = reservation.Id }, owner.Id, amount);
        for (int i = 0; i < standings.Length; i++)
        {
            var period = reservation.Caps[i].Period;
            long start = Times.Of(period.Start);
            database.Run("INSERT INTO open_cap VALUES ($id, $scope, $kind, $start)", ("$id", reservation.Id), ("$scope", period.Scope), ("$kind", period.Kind), ("$start", start));
            database.Run("UPDATE budget SET reserved = reserved + $amount WHERE scope = $scope AND kind = $kind AND start = $start", ("$amount", amount), ("$scope", period.Scope), ("$kind", period.Kind), ("$start", start));
            standings[i] = standings[i] with { Reserved = standings[i].Reserved + Pico.ToUsd(amount) };
        }
        return new ReservationResult { Standings = standings };
    }

    private static BudgetStanding? Find(Statements database, BudgetPeriod period)
    {
        using var rows = database.Rows("SELECT spent_micros, spent, reserved FROM budget WHERE scope = $scope AND kind = $kind AND start = $start", ("$scope", period.Scope), ("$kind", period.Kind), ("$start", Times.Of(period.Start)));
        return rows.Read() ? new BudgetStanding(period, Pico.ToUsd(rows.Int64(0), rows.Int64(1)), Pico.ToUsd(rows.Int64(2))) : null;
    }

    // A budget may be written in the middle of its period: what the ledger knows of it counts.
    private static BudgetStanding Open(Statements database, BudgetPeriod period)
    {
        var spent = SpentBefore(database, period);
        if (period.Start > DateTimeOffset.MinValue) database.Run("DELETE FROM budget WHERE scope = $scope AND until < $old AND reserved = 0", ("$scope", period.Scope), ("$old", Times.Of(period.Start - Kept)));
        database.Run(
            "INSERT INTO budget (scope, kind, start, until, spent_micros, spent, reserved) VALUES ($scope, $kind, $start, $until, $micros, $spent, 0)",
            ("$scope", period.Scope), ("$kind", period.Kind), ("$start", Times.Of(period.Start)), ("$until", Times.Of(period.End)), ("$micros", spent.Micros), ("$spent", spent.Remainder));
        return new BudgetStanding(period, Usd(spent), 0);
    }

    // The rest may be of many calls: it is made less than a millionth, as it is kept.
    private static (long Micros, long Remainder) SpentBefore(Statements database, BudgetPeriod period)
    {
        var (micros, rest) = SpendReader.CostOf(database, BudgetScopes.Filter(period.Scope) with { Since = period.Start, Until = period.End });
        return (micros + (rest / Pico.OfMicro), rest % Pico.OfMicro);
    }

    private static decimal Usd((long Micros, long Remainder) sum) => Pico.ToUsd(sum.Micros, sum.Remainder);
}
