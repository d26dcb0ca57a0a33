using Sluice.Errors;

namespace Sluice.Storage.Sqlite;

/// <summary>The administrative acts.</summary>
internal sealed class SqliteAudit(SqliteWriter writer, Readers readers) : IAuditStore
{
    public async ValueTask<GatewayError?> WriteAsync(AuditEntry entry, CancellationToken cancellationToken) => (await writer.WriteAsync(
        database => database.Run(
            "INSERT INTO audit (at, actor, act, subject, detail, request_id, address) VALUES ($at, $actor, $act, $subject, $detail, $request, $address)",
            ("$at", Times.Of(entry.At)), ("$actor", entry.Actor), ("$act", entry.Act), ("$subject", entry.Subject), ("$detail", entry.Detail), ("$request", entry.RequestId), ("$address", entry.Address)),
        cancellationToken).ConfigureAwait(false)).Error;

    public ValueTask<Outcome<IReadOnlyList<AuditEntry>>> ReadAsync(int most, DateTimeOffset? before, CancellationToken cancellationToken)
    {
        var (entries, error) = readers.Read(database =>
        {
            var last = new List<AuditEntry>();
            using var rows = database.Rows(
                "SELECT at, actor, act, subject, detail, request_id, address FROM audit WHERE $before IS NULL OR at < $before ORDER BY at DESC, row DESC LIMIT $most",
                ("$before", before is { } time ? Times.Of(time) : null), ("$most", most));
            while (rows.Read())
            {
                last.Add(new AuditEntry(Times.Time(rows.Int64(0)), rows.Text(1), rows.Text(2), rows.TextOrNull(3)) { Detail = rows.TextOrNull(4), RequestId = rows.TextOrNull(5), Address = rows.TextOrNull(6) });
            }
            return last;
        });
        return ValueTask.FromResult(error is null ? Outcome.Of<IReadOnlyList<AuditEntry>>(entries!) : error);
    }
}
