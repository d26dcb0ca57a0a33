using System.Diagnostics;
using Sluice.Storage.Sqlite;

namespace Sluice.Storage.Tests;

/// <summary>Entries are safe the moment they are taken, whatever becomes of the process or the database then.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-journal-").FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Killed_LosesNothingThatWasTaken()
    {
        await using var store = Open("live");
        // A database that takes nothing for now: all of it is in the journal when the process dies.
        Run("live", "CREATE TRIGGER no BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'not now'); END");
        var entry = Entries.Call("req_1") with { Groups = ["a|b", "c%"], FirstContent = null, KeyName = null, RawUsage = "{\n \"x\": \"\u00e9\u2028\" }" };
        (await store.Ledger.WriteAsync(entry, Cancelled)).ShouldBeNull();
        (await store.Ledger.WriteAsync(Entries.Call("req_2", null) with { Groups = [], Labels = new Dictionary<string, string>() }, Cancelled)).ShouldBeNull();

        await KillAsync("live", "dead");
        Run("dead", "DROP TRIGGER no");

        await using var next = Open("dead");
        var entries = await next.Ledger.ReadAsync(new LedgerFilter(), Cancelled).ToListAsync(Cancelled);
        entries.Select(e => e.Id).ShouldBe(["req_1", "req_2"]);
        (entries[0] with { Groups = entry.Groups, Labels = entry.Labels }).ShouldBe(entry with { Duration = TimeSpan.FromMicroseconds(1234567) });
        entries[0].Groups.ShouldBe(entry.Groups);
        entries[0].Labels.ShouldBe(entry.Labels);
        entries[1].CostUsd.ShouldBeNull();
        Journals("dead").ShouldBeEmpty();
    }

    [Fact]
    public async Task Killed_InTheMidstOfALine_LosesThatLineAlone()
    {
        await using (var store = Open("live"))
        {
            Run("live", "CREATE TRIGGER no BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'not now'); END");
            (await store.Ledger.WriteAsync(Entries.Call("req_1"), Cancelled)).ShouldBeNull();
            await KillAsync("live", "dead");
        }
        await File.AppendAllTextAsync(Journals("dead").ShouldHaveSingleItem(), """{"id":"req_2","started":12""", Cancelled);
        Run("dead", "DROP TRIGGER no");

        await using var next = Open("dead");
        (await next.Ledger.ReadAsync(new LedgerFilter(), Cancelled).SingleAsync(Cancelled)).Id.ShouldBe("req_1");
    }

    [Fact]
    public async Task Reservation_OfAFinishedCall_IsSettledFromTheJournal_NotAsLost()
    {
        var cap = new BudgetCap(Entries.Today(BudgetPeriod.Gateway), 10m);
        await using var store = Open("live");
        (await store.Budgets.ReserveAsync(Entries.Hold("req_1", 5m, cap), Cancelled)).Error.ShouldBeNull();
        Run("live", "CREATE TRIGGER no BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'not now'); END");
        (await store.Ledger.WriteAsync(Entries.Call("req_1", 0.25m), Cancelled)).ShouldBeNull();

        await KillAsync("live", "dead");
        Run("dead", "DROP TRIGGER no");

        await using var next = Open("dead");
        (await next.Budgets.SettleOrphansAsync(Cancelled)).Error.ShouldBeNull();
        var entry = await next.Ledger.ReadAsync(new LedgerFilter(), Cancelled).SingleAsync(Cancelled);
        (entry.CostUsd, entry.Estimated, entry.Outcome).ShouldBe((0.25m, false, "ok"));
        var standing = (await next.Budgets.StandingsAsync([cap.Period], Cancelled)).Value!.Single();
        (standing.Spent, standing.Reserved).ShouldBe((0.25m, 0m));
    }

    [Fact]
    public async Task DatabaseThatTakesNoEntries_IsSaid_AndHoldsUpNothingElse()
    {
        await using var store = Open("live");
        Run("live", "CREATE TRIGGER no BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'not now'); END");

        (await store.Ledger.WriteAsync(Entries.Call("req_1"), Cancelled)).ShouldBeNull();

        (await store.Ledger.SpendAsync(new SpendQuery(new LedgerFilter(), null), Cancelled)).Error!.Code.ShouldBe("storage");
        store.Ledger.Failure!.Code.ShouldBe("storage");
        (await store.Keys.AddAsync(Entries.Key("ada"), Cancelled)).ShouldBeNull();

        Run("live", "DROP TRIGGER no");
        (await store.Ledger.SpendAsync(new SpendQuery(new LedgerFilter(), null), Cancelled)).Value!.Total.Calls.ShouldBe(1);
        store.Ledger.Failure.ShouldBeNull();
    }

    [Fact]
    public async Task DatabaseThatIsLocked_FillsTheJournalNoFurtherThanItsBound()
    {
        await using var store = Open("live");
        SQLitePCL.Batteries_V2.Init();
        await using var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Database("live")};Pooling=False");
        await other.OpenAsync(Cancelled);
        await using (var transaction = other.BeginTransaction(deferred: false))
        {
            for (int i = 0; i < 100_000; i++) (await store.Ledger.WriteAsync(Entries.Call($"req_{i}"), Cancelled)).ShouldBeNull();

            (await store.Ledger.WriteAsync(Entries.Call("one more"), Cancelled))!.Code.ShouldBe("storage");
        }

        (await store.Ledger.SpendAsync(new SpendQuery(new LedgerFilter(), null), Cancelled)).Value!.Total.Calls.ShouldBe(100_000);
    }

    [Fact]
    public async Task Another_GatewaysEntries_AreReadAsWell()
    {
        await using var one = Open("live");
        await using var other = Open("live");

        for (int i = 0; i < 20; i++)
        {
            (await one.Ledger.WriteAsync(Entries.Call($"req_{i}"), Cancelled)).ShouldBeNull();
            (await other.Ledger.SpendAsync(new SpendQuery(new LedgerFilter(), null), Cancelled)).Value!.Total.Calls.ShouldBe(i + 1);
        }
    }

    [Fact]
    public async Task Closed_LeavesNoJournal()
    {
        await using (var store = Open("live"))
        {
            for (int i = 0; i < 1000; i++) (await store.Ledger.WriteAsync(Entries.Call($"req_{i}"), Cancelled)).ShouldBeNull();
            Journals("live").ShouldNotBeEmpty();
        }

        Journals("live").ShouldBeEmpty();
        await using var next = Open("live");
        (await next.Ledger.ReadAsync(new LedgerFilter(), Cancelled).CountAsync(Cancelled)).ShouldBe(1000);
    }

    private SqliteStore Open(string name) => SqliteStore.Open(Database(name), TimeProvider.System).Value!;

    private string Database(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, name)).FullName, "sluice.db");

    private string[] Journals(string name) => Directory.GetFiles(Path.Combine(_folder, name), "*-calls-*");

    // What a kill leaves: the files as they are now, and nobody who holds them.
    private async Task KillAsync(string live, string dead)
    {
        using var copy = Process.Start(new ProcessStartInfo("cp", ["-r", Path.Combine(_folder, live), Path.Combine(_folder, dead)]) { UseShellExecute = false })!;
        await copy.WaitForExitAsync(Cancelled);
        copy.ExitCode.ShouldBe(0);
    }

    private void Run(string name, string sql)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Database(name)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this class
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
