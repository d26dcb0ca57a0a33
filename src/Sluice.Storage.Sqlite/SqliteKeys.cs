using System.Security.Cryptography;
using Sluice.Errors;

namespace Sluice.Storage.Sqlite;

/// <summary>The virtual keys.</summary>
internal sealed class SqliteKeys(SqliteWriter writer, Readers readers, KeySignal signal, TimeProvider time) : IKeyStore
{
    // For keys that were changed without a signal: by hand, or by a process that was killed in between.
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);
    private const int PepperBytes = 32;
    private const string Columns = "id, name, hash, previous_hash, previous_until, tail, key_group, settings, expires, created, revoked, version, given";
    private byte[]? _pepper;
    private volatile KnownRevision? _known;

    public async ValueTask<Outcome<byte[]>> PepperAsync(CancellationToken cancellationToken)
    {
        if (_pepper is { } known) return known;
        byte[] made = RandomNumberGenerator.GetBytes(PepperBytes);
        var (pepper, error) = await writer.WriteAsync(
            database =>
            {
                database.Run("INSERT INTO setting VALUES ('pepper', $made) ON CONFLICT (name) DO NOTHING", ("$made", made));
                return (byte[])database.Scalar("SELECT value FROM setting WHERE name = 'pepper'")!;
            },
            cancellationToken).ConfigureAwait(false);
        if (error is not null) return error;
        return _pepper = pepper!;
    }

    public ValueTask<KeyRevision> RevisionAsync(CancellationToken cancellationToken)
    {
        long? signals = signal.Count;
        if (_known is { } known && known.Signals == signals && time.GetElapsedTime(known.Asked) < AskAgain) return ValueTask.FromResult(new KeyRevision(known.Revision, null));
        long now = time.GetTimestamp();
        var (revision, error) = readers.Read(static database => (long)database.Scalar("SELECT value FROM setting WHERE name = 'key_revision'")!);
        // What was signalled before the database was asked is in its answer.
        _known = error is null && signals is { } seen ? new KnownRevision(revision, seen, now) : null;
        return ValueTask.FromResult(new KeyRevision(revision, error));
    }

    public ValueTask<KeyLookup> FindAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken)
    {
        byte[] wanted = hash.ToArray();
        return Lookup(database => One(database, $"SELECT {Columns} FROM access_key WHERE hash = $hash OR previous_hash = $hash ORDER BY hash = $hash DESC LIMIT 1", ("$hash", wanted)));
    }

    public ValueTask<KeyLookup> GetAsync(string idOrName, CancellationToken cancellationToken) =>
        Lookup(database => One(database, $"SELECT {Columns} FROM access_key WHERE id = $name OR name = $name ORDER BY id = $name DESC LIMIT 1", ("$name", idOrName)));

    public ValueTask<Outcome<IReadOnlyList<KeyRecord>>> ListAsync(CancellationToken cancellationToken)
    {
        var (keys, error) = readers.Read(static database =>
        {
            var all = new List<KeyRecord>();
            using var rows = database.Rows($"SELECT {Columns} FROM access_key ORDER BY row");
            while (rows.Read()) all.Add(Read(rows));
            return all;
        });
        return ValueTask.FromResult(error is null ? Outcome.Of<IReadOnlyList<KeyRecord>>(keys!) : error);
    }

    public ValueTask<Outcome<IReadOnlyList<ReadOnlyMemory<byte>>>> GivenAsync(CancellationToken cancellationToken)
    {
        var (hashes, error) = readers.Read(static database =>
        {
            var all = new List<ReadOnlyMemory<byte>>();
            using var rows = database.Rows("SELECT hash, previous_hash FROM access_key WHERE given = 1");
            while (rows.Read())
            {
                all.Add(rows.Bytes(0));
                if (!rows.IsNull(1)) all.Add(rows.Bytes(1));
            }
            return all;
        });
        return ValueTask.FromResult(error is null ? Outcome.Of<IReadOnlyList<ReadOnlyMemory<byte>>>(hashes!) : error);
    }

    public async ValueTask<GatewayError?> AddAsync(KeyRecord key, CancellationToken cancellationToken)
    {
        var (added, error) = await writer.WriteAsync(
            database => database.Run(
                "INSERT INTO access_key (id, name, hash, previous_hash, previous_until, tail, key_group, settings, expires, created, revoked, version, given) "
                + "VALUES ($id, $name, $hash, $previous, $previousUntil, $tail, $group, $settings, $expires, $created, $revoked, $version, $given) ON CONFLICT DO NOTHING",
                Values(key, ("$created", Times.Of(key.CreatedAt)), ("$version", key.Version))),
            cancellationToken).ConfigureAwait(false);
        if (added == 1) signal.Raise();
        return error ?? (added == 1 ? null : await ConflictAsync(key, cancellationToken).ConfigureAwait(false));
    }

    public async ValueTask<GatewayError?> UpdateAsync(KeyRecord key, long expectedVersion, CancellationToken cancellationToken)
    {
        var (result, error) = await writer.WriteAsync(database => Update(database, key, expectedVersion), cancellationToken).ConfigureAwait(false);
        if (error is null && result is null) signal.Raise();
        return error ?? result;
    }

    // Whose the secret is, is nobody's business but its holder's.
    private async ValueTask<GatewayError> ConflictAsync(KeyRecord key, CancellationToken cancellationToken)
    {
        var named = await GetAsync(key.Name, cancellationToken).ConfigureAwait(false);
        return named.Error ?? (named.Key is not null ? Taken(key.Name) : new GatewayError(ErrorKind.InvalidRequest, "another key has this secret already; choose another one") { Status = 409, Code = "secret_taken", Param = "secret" });
    }

    private static GatewayError? Update(Statements database, KeyRecord key, long expectedVersion)
    {
        if (database.Scalar("SELECT 1 FROM access_key WHERE name = $name AND id <> $id", ("$name", key.Name), ("$id", key.Id)) is not null) return Taken(key.Name);
        int changed = database.Run(
            "UPDATE access_key SET name = $name, hash = $hash, previous_hash = $previous, previous_until = $previousUntil, tail = $tail, key_group = $group, settings = $settings, given = $given, "
            + "expires = $expires, revoked = $revoked, version = $expected + 1 WHERE id = $id AND version = $expected",
            Values(key, ("$expected", expectedVersion)));
        return changed == 1 ? null : new GatewayError(ErrorKind.InvalidRequest, $"key '{key.Name}' was changed or removed meanwhile; read it again") { Status = 412, Code = "version_conflict" };
    }

    private static GatewayError Taken(string name) => new(ErrorKind.InvalidRequest, $"there is already a key named '{name}'; choose another name") { Status = 409, Code = "name_taken", Param = "name" };

    private ValueTask<KeyLookup> Lookup(Func<Statements, KeyRecord?> find)
    {
        var (key, error) = readers.Read(find);
        return ValueTask.FromResult(new KeyLookup(key, error));
    }

    private static KeyRecord? One(Statements database, string sql, (string, object?) value)
    {
        using var rows = database.Rows(sql, value);
        return rows.Read() ? Read(rows) : null;
    }

    private static (string Name, object? Value)[] Values(KeyRecord key, params ReadOnlySpan<(string Name, object? Value)> more) =>
    [
        ("$id", key.Id), ("$name", key.Name), ("$hash", key.Hash.ToArray()), ("$previous", key.PreviousHash.IsEmpty ? null : key.PreviousHash.ToArray()),
        ("$previousUntil", key.PreviousUntil is { } until ? Times.Of(until) : null), ("$tail", key.Tail), ("$group", key.Group), ("$settings", KeySettings.Write(key)),
        ("$expires", key.ExpiresAt is { } expires ? Times.Of(expires) : null), ("$revoked", key.RevokedAt is { } revoked ? Times.Of(revoked) : null), ("$given", key.IsGiven), .. more,
    ];

    private static KeyRecord Read(RowCursor row)
    {
        var key = new KeyRecord
        {
            Id = row.Text(0),
            Name = row.Text(1),
            Hash = row.Bytes(2),
            PreviousHash = row.IsNull(3) ? default(ReadOnlyMemory<byte>) : row.Bytes(3),
            PreviousUntil = Time(row, 4),
            Tail = row.Text(5),
            Group = row.IsNull(6) ? null : row.Text(6),
            ExpiresAt = Time(row, 8),
            CreatedAt = Times.Time(row.Int64(9)),
            RevokedAt = Time(row, 10),
            Version = row.Int64(11),
            IsGiven = row.Int64(12) != 0,
        };
        return KeySettings.Read(key, row.Text(7));
    }

    private static DateTimeOffset? Time(RowCursor row, int column) => row.IsNull(column) ? null : Times.Time(row.Int64(column));

    /// <summary>The keys' revision when it was last asked for.</summary>
    private sealed record KnownRevision(long Revision, long Signals, long Asked);
}
