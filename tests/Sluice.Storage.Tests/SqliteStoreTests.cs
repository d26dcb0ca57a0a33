using Sluice.Storage.Sqlite;
using Sluice.TestKit;

namespace Sluice.Storage.Tests;

/// <summary>The store in a SQLite file, and what can be wrong with the file.</summary>
public sealed class SqliteStoreTests : StoreContract, IDisposable
{
    // What the fifth step adds.
    private const string WithoutGivenKeys = "DROP INDEX access_key_given; ALTER TABLE access_key DROP COLUMN given;";
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-store-").FullName;

    private string File => Path.Combine(_folder, "sluice.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    protected override ValueTask<ISluiceStore> OpenAsync() => ValueTask.FromResult<ISluiceStore>(SqliteStore.Open(File, TimeProvider.System).Value!);

    [Fact]
    public async Task Files_AreTheOwnersAlone()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has no file modes");
        await using var store = await OpenAsync();
        await store.Ledger.WriteAsync(Entries.Call("req_1"), TestContext.Current.CancellationToken);

        if (OperatingSystem.IsWindows()) return;
        foreach (string file in Directory.GetFiles(_folder)) System.IO.File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    [Fact]
    public void DamagedFile_IsSaidClearly_AndLeftAlone()
    {
        byte[] noise = [.. Enumerable.Repeat((byte)'x', 5000)];
        System.IO.File.WriteAllBytes(File, noise);

        var opened = SqliteStore.Open(File, TimeProvider.System);

        opened.Error!.Message.ShouldContain("damaged or not a database");
        opened.Error.Message.ShouldContain(File);
        System.IO.File.ReadAllBytes(File).ShouldBe(noise);
    }

    [Fact]
    public async Task NewerDatabase_IsRefused()
    {
        await (await OpenAsync()).DisposeAsync();
        Alter("PRAGMA user_version = 99");

        SqliteStore.Open(File, TimeProvider.System).Error!.Message.ShouldContain("newer version of Sluice");
    }

    [Fact]
    public void ForeignDatabase_IsRefused()
    {
        Alter("CREATE TABLE things (a)");

        SqliteStore.Open(File, TimeProvider.System).Error!.Message.ShouldContain("another program");
    }

    [Fact]
    public void MissingFolder_IsSaid() =>
        SqliteStore.Open(Path.Combine(_folder, "no", "sluice.db"), TimeProvider.System).Error!.Message.ShouldContain("folder of the database");

    [Fact]
    public async Task OneFailingOperation_TakesNothingElseAlong()
    {
        await using var store = await OpenAsync();
        var good = new Reservation { Id = "good", Amount = 1m, Caps = [], IfLost = Entries.Call("good") };
        // Its id is taken.
        var bad = good with { Amount = 2m };

        var writes = Enumerable.Range(0, 49).Select(i => store.Ledger.WriteAsync(Entries.Call($"req_{i}"), TestContext.Current.CancellationToken).AsTask()).ToArray();
        var reserved = await Task.WhenAll(new[] { good, bad }.Select(r => store.Budgets.ReserveAsync(r, TestContext.Current.CancellationToken).AsTask()));

        (await Task.WhenAll(writes)).ShouldAllBe(e => e == null);
        reserved.Select(r => r.Error is null).ShouldBe([true, false]);
        (await store.Ledger.ReadAsync(new LedgerFilter(), TestContext.Current.CancellationToken).CountAsync(TestContext.Current.CancellationToken)).ShouldBe(49);
    }

    [Fact]
    public async Task LivingGateway_KeepsWhatItHolds_WhateverClocksAndProcessNumbersSay()
    {
        var cap = new BudgetCap(Entries.Today("key:key_1"), 1m);
        await using var living = await OpenAsync();
        await living.Budgets.ReserveAsync(Entries.Hold("req_1", 0.5m, cap), TestContext.Current.CancellationToken);

        // The same host name and process number, and a clock years ahead: as another container may have them.
        var ahead = new ManualTime();
        ahead.Advance(TimeSpan.FromDays(3650));
        await using var other = SqliteStore.Open(File, ahead).Value!;

        (await other.Budgets.SettleOrphansAsync(TestContext.Current.CancellationToken)).Value!.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(true, "seen", 1)] // the lock of a killed process is free, however lately it was seen
    [InlineData(false, "seen", 0)] // no lock to ask: it was seen just now ...
    [InlineData(false, "0", 1)] // ... or long ago
    public async Task KilledGateway_IsSettledAtOnce(bool isLockLeft, string seen, int settled)
    {
        var cap = new BudgetCap(Entries.Today("key:key_1"), 1m);
        await using (var gone = await OpenAsync())
        {
            await gone.Budgets.ReserveAsync(Entries.Hold("req_1", 0.5m, cap), TestContext.Current.CancellationToken);
            // As it is left behind by a process that could not say that it ends.
            Alter("CREATE TABLE before AS SELECT id, locked, seen FROM owner");
        }
        await using var store = await OpenAsync();
        Alter($"INSERT INTO owner SELECT id, locked, {seen} FROM before");
        string left = $"{File}-owner-{Query("SELECT id FROM before")}";
        if (isLockLeft) System.IO.File.WriteAllText(left, "");

        (await store.Budgets.SettleOrphansAsync(TestContext.Current.CancellationToken)).Value!.Count.ShouldBe(settled);

        System.IO.File.Exists(left).ShouldBeFalse();
    }

    [Fact]
    public async Task DatabaseOfTheFirstVersion_IsBroughtUpToDate_AndWhatItHeldIsSettled()
    {
        var cap = new BudgetCap(Entries.Today("key:key_1"), 1m);
        await using (var gone = await OpenAsync())
        {
            await gone.Budgets.ReserveAsync(Entries.Hold("req_1", 0.5m, cap), TestContext.Current.CancellationToken);
            await gone.Ledger.WriteAsync(Entries.Call("req_0", 0.0625m), TestContext.Current.CancellationToken);
        }
        Alter($"UPDATE budget SET spent = spent_micros * 1000000 + spent; DROP TABLE owner; CREATE TABLE owner (id TEXT PRIMARY KEY, host TEXT NOT NULL, process INTEGER NOT NULL, began INTEGER NOT NULL, seen INTEGER NOT NULL) WITHOUT ROWID; ALTER TABLE budget DROP COLUMN spent_micros; {WithoutGivenKeys} PRAGMA user_version = 1");

        await using var store = await OpenAsync();

        (await store.Budgets.StandingsAsync([cap.Period], TestContext.Current.CancellationToken)).Value!.Single().ShouldBe(new BudgetStanding(cap.Period, 0.0625m, 0.5m));
        (await store.Budgets.SettleOrphansAsync(TestContext.Current.CancellationToken)).Value!.Count.ShouldBe(1);
    }

    [Fact]
    public async Task ClosedStore_LeavesOneFile()
    {
        await (await OpenAsync()).DisposeAsync();

        Directory.GetFiles(_folder).ShouldBe([File]);
    }

    private string Query(string sql)
    {
        using var connection = Connect();
        using var command = Command(connection, sql);
        return (string)command.ExecuteScalar()!;
    }

    [Fact]
    public async Task KeysChangedByHand_AreSeenWithinASecond()
    {
        var time = new ManualTime();
        await using var store = SqliteStore.Open(File, time).Value!;
        await store.Keys.AddAsync(Entries.Key("ada"), TestContext.Current.CancellationToken);
        long before = (await store.Keys.RevisionAsync(TestContext.Current.CancellationToken)).Value;
        Alter("UPDATE access_key SET revoked = 1");

        (await store.Keys.RevisionAsync(TestContext.Current.CancellationToken)).Value.ShouldBe(before);
        time.Advance(TimeSpan.FromSeconds(1.1));
        (await store.Keys.RevisionAsync(TestContext.Current.CancellationToken)).Value.ShouldBeGreaterThan(before);
    }

    [Fact]
    public async Task FileReplacedByACopy_IsNoticed_AsADeletedOneIs()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows lets nobody replace an open file");
        await using var store = await OpenAsync();
        string copy = Path.Combine(_folder, "copy.db");
        System.IO.File.Copy(File, copy);
        (await store.CheckAsync(TestContext.Current.CancellationToken)).ShouldBeNull();

        System.IO.File.Move(copy, File, overwrite: true);

        (await store.CheckAsync(TestContext.Current.CancellationToken))!.Message.ShouldContain("replaced");
        store.Ledger.Failure!.Message.ShouldContain("replaced");
        (await store.Ledger.SpendAsync(new SpendQuery(new LedgerFilter(), null), TestContext.Current.CancellationToken)).Error!.Status.ShouldBe(503);
    }

    [Fact]
    public async Task CountsThatNoAnswerHas_AreHealed_InTablesOfBefore()
    {
        await using (var store = await OpenAsync())
        {
            for (int i = 0; i < 3; i++) await store.Ledger.WriteAsync(Entries.Call($"req_{i}"), TestContext.Current.CancellationToken);
            await store.Ledger.SpendAsync(new SpendQuery(new LedgerFilter(), null), TestContext.Current.CancellationToken);
        }
        Alter($"UPDATE ledger SET input_tokens = 9223372036854775807, output_tokens = -5, cache_read_tokens = 9223372036854775807 WHERE id <> 'req_0'; {WithoutGivenKeys} PRAGMA user_version = 3");

        await using var healed = await OpenAsync();
        var entries = await healed.Ledger.ReadAsync(new LedgerFilter(), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        entries.Select(e => (e.InputTokens, e.OutputTokens, e.CacheReadTokens)).ShouldBe([(100, 20, 64), (Chat.Usage.MostTokens, 0, Chat.Usage.MostTokens), (Chat.Usage.MostTokens, 0, Chat.Usage.MostTokens)]);
        (await healed.Ledger.SpendAsync(new SpendQuery(new LedgerFilter(), null), TestContext.Current.CancellationToken)).Value!.Total.InputTokens.ShouldBe((2 * Chat.Usage.MostTokens) + 100);
    }

    [Fact]
    public async Task SumsHold_WhateverAnotherVersionWrites()
    {
        await using var store = await OpenAsync();
        for (int i = 0; i < 3; i++) await store.Ledger.WriteAsync(Entries.Call($"req_{i}") with { InputTokens = long.MaxValue, OutputTokens = long.MaxValue }, TestContext.Current.CancellationToken);
        await store.Ledger.SpendAsync(new SpendQuery(new LedgerFilter(), null), TestContext.Current.CancellationToken);
        Alter($"UPDATE ledger SET input_tokens = 9223372036854775807");

        foreach (SpendBy? by in (SpendBy?[])[null, .. Enum.GetValues<SpendBy>().Select(b => (SpendBy?)b)])
        {
            var report = await store.Ledger.SpendAsync(new SpendQuery(new LedgerFilter(), by), TestContext.Current.CancellationToken);
            (report.Value!.Total.InputTokens, report.Value.Total.OutputTokens).ShouldBe((3 * Chat.Usage.MostTokens, 3 * Chat.Usage.MostTokens));
        }
    }

    private void Alter(string sql)
    {
        using var connection = Connect();
        using var command = Command(connection, sql);
        command.ExecuteNonQuery();
    }

    private Microsoft.Data.Sqlite.SqliteConnection Connect()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }

    private static Microsoft.Data.Sqlite.SqliteCommand Command(Microsoft.Data.Sqlite.SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this class
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
