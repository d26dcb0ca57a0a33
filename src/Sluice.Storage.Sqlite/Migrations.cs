using Sluice.Errors;

namespace Sluice.Storage.Sqlite;

/// <summary>Brings the tables of a database up to date. Each step is one transaction: one that fails leaves the database as it was.</summary>
internal static class Migrations
{
    // "Slui": tells a database of ours from any other.
    private const long ApplicationId = 0x536C7569;

    private static readonly string[] Steps = [First, LockedOwners, LargeBudgets, TokenCounts, GivenKeys];

    /// <summary>Brings a database up to date; why that cannot be done otherwise.</summary>
    public static GatewayError? Apply(Statements database, string path)
    {
        long version = Number(database, "PRAGMA user_version");
        long application = Number(database, "PRAGMA application_id");
        bool isEmpty = Number(database, "SELECT count(*) FROM sqlite_master") == 0;
        if (application != ApplicationId && !isEmpty) return StorageErrors.Foreign(path);
        if (version > Steps.Length) return StorageErrors.Newer(path, version, Steps.Length);
        for (long step = version; step < Steps.Length; step++)
        {
            database.Begin();
            try
            {
                // Another gateway may have done it while this one waited for the lock.
                if (Number(database, "PRAGMA user_version") == step) database.Script($"{Steps[step]} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {step + 1};");
                database.Commit();
            }
            catch
            {
                database.Rollback();
                throw;
            }
        }
        return null;
    }

    private static long Number(Statements database, string sql) => database.Scalar(sql) is long value ? value : 0;

    // Times are microseconds since 1970 in UTC, durations microseconds, money 10^-12 USD. Lists of names are kept as |a|b|, labels as JSON.
    private const string EntryColumns = """
        id TEXT NOT NULL UNIQUE, started INTEGER NOT NULL, duration INTEGER NOT NULL, first_content INTEGER, format TEXT NOT NULL, status INTEGER NOT NULL,
        outcome TEXT NOT NULL, key_id TEXT, key_name TEXT, key_groups TEXT NOT NULL, route TEXT, provider TEXT, model TEXT, answered_model TEXT,
        streamed INTEGER NOT NULL, attempts TEXT NOT NULL, input_tokens INTEGER, output_tokens INTEGER, cache_read_tokens INTEGER, cache_write_tokens INTEGER,
        reasoning_tokens INTEGER, audio_tokens INTEGER, raw_usage TEXT, raw_usage_format TEXT, cost INTEGER, price TEXT, estimated INTEGER NOT NULL, labels TEXT NOT NULL
        """;

    // Budgets of more than one number holds: whole millionths of a USD beside the rest.
    private const string LargeBudgets = """
        ALTER TABLE budget ADD COLUMN spent_micros INTEGER NOT NULL DEFAULT 0;
        UPDATE budget SET spent_micros = spent / 1000000, spent = spent % 1000000;
        """;

    // Keys whose secret an administrator chose: they are few, and looked for by whatever a client presents.
    private const string GivenKeys = """
        ALTER TABLE access_key ADD COLUMN given INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX access_key_given ON access_key (given) WHERE given = 1;
        """;

    // Counts as a provider wrote them, up to 2^63-1, broke every sum over them.
    private const string TokenCounts = $"""
        UPDATE ledger SET input_tokens = max(0, min({TokenBounds.MostText}, input_tokens)),
            output_tokens = max(0, min({TokenBounds.MostText}, output_tokens)),
            cache_read_tokens = max(0, min({TokenBounds.MostText}, cache_read_tokens)),
            cache_write_tokens = max(0, min({TokenBounds.MostText}, cache_write_tokens)),
            reasoning_tokens = max(0, min({TokenBounds.MostText}, reasoning_tokens)),
            audio_tokens = max(0, min({TokenBounds.MostText}, audio_tokens))
        WHERE input_tokens NOT BETWEEN 0 AND {TokenBounds.MostText} OR output_tokens NOT BETWEEN 0 AND {TokenBounds.MostText} OR cache_read_tokens NOT BETWEEN 0 AND {TokenBounds.MostText}
            OR cache_write_tokens NOT BETWEEN 0 AND {TokenBounds.MostText} OR reasoning_tokens NOT BETWEEN 0 AND {TokenBounds.MostText} OR audio_tokens NOT BETWEEN 0 AND {TokenBounds.MostText};
        UPDATE open_call SET input_tokens = max(0, min({TokenBounds.MostText}, input_tokens)),
            output_tokens = max(0, min({TokenBounds.MostText}, output_tokens)),
            cache_read_tokens = max(0, min({TokenBounds.MostText}, cache_read_tokens)),
            cache_write_tokens = max(0, min({TokenBounds.MostText}, cache_write_tokens)),
            reasoning_tokens = max(0, min({TokenBounds.MostText}, reasoning_tokens)),
            audio_tokens = max(0, min({TokenBounds.MostText}, audio_tokens))
        WHERE input_tokens NOT BETWEEN 0 AND {TokenBounds.MostText} OR output_tokens NOT BETWEEN 0 AND {TokenBounds.MostText} OR cache_read_tokens NOT BETWEEN 0 AND {TokenBounds.MostText}
            OR cache_write_tokens NOT BETWEEN 0 AND {TokenBounds.MostText} OR reasoning_tokens NOT BETWEEN 0 AND {TokenBounds.MostText} OR audio_tokens NOT BETWEEN 0 AND {TokenBounds.MostText};
        """;

    private const string First = $"""
        CREATE TABLE ledger (row INTEGER PRIMARY KEY, {EntryColumns});
        CREATE INDEX ledger_started ON ledger (started);
        CREATE TABLE open_call (row INTEGER PRIMARY KEY, {EntryColumns}, owner TEXT NOT NULL, amount INTEGER NOT NULL);
        CREATE TABLE open_cap (call TEXT NOT NULL, scope TEXT NOT NULL, kind TEXT NOT NULL, start INTEGER NOT NULL, PRIMARY KEY (call, scope, kind, start)) WITHOUT ROWID;
        CREATE TABLE budget (scope TEXT NOT NULL, kind TEXT NOT NULL, start INTEGER NOT NULL, until INTEGER NOT NULL, spent INTEGER NOT NULL, reserved INTEGER NOT NULL,
            PRIMARY KEY (scope, kind, start)) WITHOUT ROWID;
        CREATE TABLE owner (id TEXT PRIMARY KEY, host TEXT NOT NULL, process INTEGER NOT NULL, began INTEGER NOT NULL, seen INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE access_key (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE, hash BLOB NOT NULL UNIQUE, previous_hash BLOB, previous_until INTEGER,
            tail TEXT NOT NULL, key_group TEXT, settings TEXT NOT NULL, expires INTEGER, created INTEGER NOT NULL, revoked INTEGER, version INTEGER NOT NULL);
        CREATE INDEX access_key_previous ON access_key (previous_hash) WHERE previous_hash IS NOT NULL;
        CREATE TABLE audit (row INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, act TEXT NOT NULL, subject TEXT, detail TEXT, request_id TEXT, address TEXT);
        CREATE TABLE setting (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
        INSERT INTO setting VALUES ('key_revision', 0);
        CREATE TRIGGER access_key_added AFTER INSERT ON access_key BEGIN UPDATE setting SET value = value + 1 WHERE name = 'key_revision'; END;
        CREATE TRIGGER access_key_changed AFTER UPDATE ON access_key BEGIN UPDATE setting SET value = value + 1 WHERE name = 'key_revision'; END;
        CREATE TRIGGER access_key_removed AFTER DELETE ON access_key BEGIN UPDATE setting SET value = value + 1 WHERE name = 'key_revision'; END;
        """;
    // Owners are told apart by locks, no longer by host and process: what those of before hold is settled, as they are gone.
    private const string LockedOwners = """
        DROP TABLE owner;
        CREATE TABLE owner (id TEXT PRIMARY KEY, locked INTEGER NOT NULL, seen INTEGER NOT NULL) WITHOUT ROWID;
        """;
}
