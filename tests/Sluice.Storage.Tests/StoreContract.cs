using System.Text.Json;

namespace Sluice.Storage.Tests;

/// <summary>What every store must do. A store passes by a class that opens it: the same place twice is two gateways that share it.</summary>
public abstract class StoreContract
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Opens the store of this test; the second time another one of the same place.</summary>
    protected abstract ValueTask<ISluiceStore> OpenAsync();

    [Fact]
    public async Task Entry_ComesBackAsItWasWritten()
    {
        await using var store = await OpenAsync();
        var entry = Entries.Call("req_1");

        (await store.Ledger.WriteAsync(entry, Cancelled)).ShouldBeNull();

        var read = await ReadAsync(store, new LedgerFilter()).SingleAsync(Cancelled);
        (read with { Groups = entry.Groups, Labels = entry.Labels }).ShouldBe(entry with { Duration = TimeSpan.FromMicroseconds(1234567) });
        read.Groups.ShouldBe(entry.Groups);
        read.Labels.ShouldBe(entry.Labels);
    }

    [Fact]
    public async Task Entry_WrittenTwice_CountsOnce()
    {
        await using var store = await OpenAsync();
        await store.Ledger.WriteAsync(Entries.Call("req_1"), Cancelled);
        await store.Ledger.WriteAsync(Entries.Call("req_1", 5), Cancelled);

        var report = await store.Ledger.SpendAsync(new SpendQuery(new LedgerFilter(), null), Cancelled);

        report.Value!.Total.ShouldBe(new SpendSum(1, 100, 20, 0.0003589m, 0));
    }

    [Theory]
    [InlineData(SpendBy.Provider, "openai")]
    [InlineData(SpendBy.Model, "openai/gpt-5.4")]
    [InlineData(SpendBy.Key, "alice")]
    [InlineData(SpendBy.Group, "search|team")]
    [InlineData(SpendBy.Route, "smart")]
    [InlineData(SpendBy.Label, "x\"y")]
    [InlineData(SpendBy.Day, "2026-11-21")]
    [InlineData(SpendBy.Hour, "2026-11-21T12")]
    public async Task Spend_IsAddedUpExactly_ByEachThing(SpendBy by, string name)
    {
        await using var store = await OpenAsync();
        for (int i = 0; i < 3; i++) await store.Ledger.WriteAsync(Entries.Call($"req_{i}", i == 2 ? null : 0.000000000001m), Cancelled);
        await store.Ledger.WriteAsync(Entries.Call("other", 1m) with { StartedAt = Entries.Noon.AddDays(-1), Provider = "x", Model = "y", KeyName = "bob", KeyId = "key_2", Groups = [], Route = null, Labels = new Dictionary<string, string>() }, Cancelled);

        var report = await store.Ledger.SpendAsync(new SpendQuery(new LedgerFilter(), by) { LabelName = "project" }, Cancelled);

        report.Value!.Groups.Count.ShouldBe(2);
        report.Value.Groups.Single(g => g.Key == name).Sum.ShouldBe(new SpendSum(3, 300, 60, 0.000000000002m, 1));
        report.Value.Total.CostUsd.ShouldBe(1.000000000002m);
    }

    [Fact]
    public async Task Spend_TurnsDays_InTheTimeZoneAskedFor()
    {
        await using var store = await OpenAsync();
        await store.Ledger.WriteAsync(Entries.Call("late") with { StartedAt = new DateTimeOffset(2026, 11, 21, 23, 30, 0, TimeSpan.Zero) }, Cancelled);

        var report = await store.Ledger.SpendAsync(new SpendQuery(new LedgerFilter(), SpendBy.Day) { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata") }, Cancelled);

        report.Value!.Groups.ShouldHaveSingleItem().Key.ShouldBe("2026-11-22");
    }

    [Fact]
    public async Task Filter_FindsWhatItNames()
    {
        await using var store = await OpenAsync();
        await store.Ledger.WriteAsync(Entries.Call("req_1"), Cancelled);
        LedgerFilter[] hits =
        [
            new() { Provider = "openai" }, new() { Model = "gpt-5.4" }, new() { Key = "alice" }, new() { Key = "key_1" }, new() { Group = "company" }, new() { Group = "search|team" },
            new() { Route = "smart" }, new() { Label = new("env", "prod") }, new() { Since = Entries.Noon, Until = Entries.Noon.AddSeconds(1) },
        ];
        LedgerFilter[] misses = [new() { Provider = "x" }, new() { Group = "search" }, new() { Group = "team" }, new() { Label = new("env", "dev") }, new() { Until = Entries.Noon }, new() { Since = Entries.Noon.AddSeconds(1) }];

        foreach (var hit in hits) (await ReadAsync(store, hit).CountAsync(Cancelled)).ShouldBe(1, hit.ToString());
        foreach (var miss in misses) (await ReadAsync(store, miss).CountAsync(Cancelled)).ShouldBe(0, miss.ToString());
    }

    [Fact]
    public async Task Reading_GoesThroughAllPages_InOrder()
    {
        await using var store = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 1300).Select(i => store.Ledger.WriteAsync(Entries.Call($"req_{i:0000}") with { StartedAt = Entries.Noon.AddSeconds(i / 3) }, Cancelled).AsTask()));

        var read = await ReadAsync(store, new LedgerFilter()).ToListAsync(Cancelled);

        read.Count.ShouldBe(1300);
        read.Select(e => e.StartedAt).ShouldBeInOrder();
        read.Select(e => e.Id).Distinct().Count().ShouldBe(1300);
    }

    [Fact]
    public async Task Deletion_TakesTheOldest_AndNoMoreThanAsked()
    {
        await using var store = await OpenAsync();
        for (int i = 0; i < 5; i++) await store.Ledger.WriteAsync(Entries.Call($"req_{i}") with { StartedAt = Entries.Noon.AddDays(i) }, Cancelled);

        (await store.Ledger.DeleteBeforeAsync(Entries.Noon.AddDays(3), 2, Cancelled)).Value!.Count.ShouldBe(2);
        (await store.Ledger.DeleteBeforeAsync(Entries.Noon.AddDays(3), 2, Cancelled)).Value!.Count.ShouldBe(1);

        (await ReadAsync(store, new LedgerFilter()).Select(e => e.Id).ToListAsync(Cancelled)).ShouldBe(["req_3", "req_4"]);
    }

    [Fact]
    public async Task ParallelReservations_NeverPassACap_FromTwoGateways()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        var cap = new BudgetCap(Entries.Today("key:key_1"), 1m);

        var results = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => (i % 2 == 0 ? one : two).Budgets.ReserveAsync(Entries.Hold($"req_{i}", 0.01m, cap), Cancelled).AsTask()));

        results.Count(r => r.Error is not null).ShouldBe(0);
        results.Count(r => r.Refused is null).ShouldBe(100);
        results.First(r => r.Refused is not null).Refused.ShouldBe(cap);
    }

    [Fact]
    public async Task SettledRoom_IsUsedAgain()
    {
        await using var store = await OpenAsync();
        var cap = new BudgetCap(Entries.Today("key:key_1"), 1m);
        (await store.Budgets.ReserveAsync(Entries.Hold("a", 0.9m, cap), Cancelled)).Refused.ShouldBeNull();
        (await store.Budgets.ReserveAsync(Entries.Hold("b", 0.2m, cap), Cancelled)).Refused.ShouldNotBeNull();

        await store.Ledger.WriteAsync(Entries.Call("a", 0.1m), Cancelled);

        var again = await store.Budgets.ReserveAsync(Entries.Hold("b", 0.9m, cap), Cancelled);
        again.Refused.ShouldBeNull();
        again.Standings!.Single().ShouldBe(new BudgetStanding(cap.Period, 0.1m, 0.9m));
        await store.Budgets.ReleaseAsync("b", Cancelled);
        (await StandingAsync(store, cap)).ShouldBe(new BudgetStanding(cap.Period, 0.1m, 0m));
    }

    [Fact]
    public async Task Reservation_IsHeldUnderAllCapsOrNone()
    {
        await using var store = await OpenAsync();
        var wide = new BudgetCap(Entries.Today("gateway"), 10m);
        var narrow = new BudgetCap(Entries.Today("group:company"), 0.5m);

        var refused = await store.Budgets.ReserveAsync(Entries.Hold("a", 1m, wide, narrow), Cancelled);

        refused.Refused.ShouldBe(narrow);
        (await StandingAsync(store, wide)).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task AttemptsReservation_EndsWithItsCall()
    {
        await using var store = await OpenAsync();
        var cap = new BudgetCap(Entries.Today("provider:openai"), 1m);
        await store.Budgets.ReserveAsync(Entries.Hold("req_1#openai", 0.5m, cap), Cancelled);
        await store.Budgets.ReserveAsync(Entries.Hold("req_10", 0.25m, cap), Cancelled);

        await store.Ledger.WriteAsync(Entries.Call("req_1", 0.125m), Cancelled);

        (await StandingAsync(store, cap)).ShouldBe(new BudgetStanding(cap.Period, 0.125m, 0.25m));
    }

    [Fact]
    public async Task Budget_WrittenInMidPeriod_KnowsWhatWasSpentBefore()
    {
        await using var store = await OpenAsync();
        await store.Ledger.WriteAsync(Entries.Call("early", 0.75m), Cancelled);
        await store.Ledger.WriteAsync(Entries.Call("yesterday", 5m) with { StartedAt = Entries.Noon.AddDays(-1) }, Cancelled);
        var cap = new BudgetCap(Entries.Today("group:search|team"), 1m);

        (await StandingAsync(store, cap)).Spent.ShouldBe(0.75m);
        (await store.Budgets.ReserveAsync(Entries.Hold("a", 0.3m, cap), Cancelled)).Standing!.Spent.ShouldBe(0.75m);
    }

    [Fact]
    public async Task Orphans_AreSettledOnce_AsEstimates()
    {
        var cap = new BudgetCap(Entries.Today("key:key_1"), 1m);
        await using (var gone = await OpenAsync()) await gone.Budgets.ReserveAsync(Entries.Hold("req_1", 0.5m, cap), Cancelled);
        await using var store = await OpenAsync();
        await store.Budgets.ReserveAsync(Entries.Hold("mine", 0.25m, cap), Cancelled);

        (await store.Budgets.SettleOrphansAsync(Cancelled)).Value!.Count.ShouldBe(1);
        (await store.Budgets.SettleOrphansAsync(Cancelled)).Value!.Count.ShouldBe(0);

        (await StandingAsync(store, cap)).ShouldBe(new BudgetStanding(cap.Period, 0.5m, 0.25m));
        var entry = await ReadAsync(store, new LedgerFilter()).SingleAsync(Cancelled);
        (entry.Id, entry.Estimated, entry.Outcome, entry.CostUsd).ShouldBe(("req_1", true, "lost", 0.5m));
    }

    [Fact]
    public async Task Sums_AreExact_BeyondWhatOneNumberHolds()
    {
        await using var store = await OpenAsync();
        var early = new BudgetCap(Entries.Today("gateway"), null);
        var late = new BudgetCap(Entries.Today("provider:openai"), 80_000_000m);
        await store.Budgets.ReserveAsync(Entries.Hold("hold", 1m, early), Cancelled);
        for (int i = 0; i < 10; i++) await store.Ledger.WriteAsync(Entries.Call($"req_{i}", 8_000_000.000000000001m), Cancelled);

        (await store.Ledger.SpendAsync(new SpendQuery(new LedgerFilter(), SpendBy.Provider), Cancelled)).Value!.Total.CostUsd.ShouldBe(80_000_000.00000000001m);
        (await StandingAsync(store, early)).ShouldBe(new BudgetStanding(early.Period, 80_000_000.00000000001m, 1m));
        (await store.Budgets.ReserveAsync(Entries.Hold("more", 0.01m, late), Cancelled)).Standing!.Spent.ShouldBe(80_000_000.00000000001m);

        await store.Ledger.RepriceAsync([.. Enumerable.Range(0, 10).Select(i => new Repricing($"req_{i}", 0.5m, "{}"))], Cancelled);

        (await StandingAsync(store, early)).Spent.ShouldBe(5m);
        (await store.Budgets.ReserveAsync(Entries.Hold("again", 0.01m, late), Cancelled)).Refused.ShouldBeNull();
    }

    [Fact]
    public async Task Repricing_CorrectsEntriesAndBudgets()
    {
        await using var store = await OpenAsync();
        var cap = new BudgetCap(Entries.Today("provider:openai"), 10m);
        await store.Budgets.ReserveAsync(Entries.Hold("a", 1m, cap), Cancelled);
        await store.Ledger.WriteAsync(Entries.Call("a", null), Cancelled);

        (await store.Ledger.RepriceAsync([new Repricing("a", 2.5m, "{}"), new Repricing("none", 1m, null)], Cancelled)).ShouldBeNull();

        (await StandingAsync(store, cap)).Spent.ShouldBe(2.5m);
        (await ReadAsync(store, new LedgerFilter()).SingleAsync(Cancelled)).CostUsd.ShouldBe(2.5m);
    }

    [Fact]
    public async Task Key_IsFoundByHashIdAndName_AndChangesShowElsewhere()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        var key = Entries.Key("alice");
        var before = await two.Keys.RevisionAsync(Cancelled);
        (await one.Keys.AddAsync(key, Cancelled)).ShouldBeNull();

        (await two.Keys.RevisionAsync(Cancelled)).Value.ShouldNotBe(before.Value);
        foreach (var found in new[] { await two.Keys.FindAsync(key.Hash, Cancelled), await two.Keys.GetAsync("alice", Cancelled), await two.Keys.GetAsync(key.Id, Cancelled) })
        {
            Plain(found.Key!).ShouldBe(Plain(key));
        }
        (await two.Keys.GetAsync("nobody", Cancelled)).ShouldBe(default);
        (await one.Keys.AddAsync(Entries.Key("alice", 2) with { Id = "key_other" }, Cancelled))!.Status.ShouldBe(409);
    }

    [Fact]
    public async Task KeyUpdate_OfAnOldVersion_IsRefused()
    {
        await using var store = await OpenAsync();
        var key = Entries.Key("alice");
        await store.Keys.AddAsync(key, Cancelled);
        var changed = key with { RevokedAt = Entries.Noon, PreviousHash = key.Hash, Hash = Enumerable.Repeat((byte)9, 32).ToArray(), PreviousUntil = Entries.Noon.AddHours(1) };

        (await store.Keys.UpdateAsync(changed, 1, Cancelled)).ShouldBeNull();
        (await store.Keys.UpdateAsync(changed, 1, Cancelled))!.Status.ShouldBe(412);

        var found = (await store.Keys.FindAsync(key.Hash, Cancelled)).Key!;
        found.Version.ShouldBe(2);
        found.RevokedAt.ShouldBe(Entries.Noon);
        found.Hash.Span[0].ShouldBe((byte)9);
        (await store.Keys.ListAsync(Cancelled)).Value!.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Pepper_IsOneForAll()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        byte[] pepper = (await one.Keys.PepperAsync(Cancelled)).Value!;

        pepper.Length.ShouldBe(32);
        (await two.Keys.PepperAsync(Cancelled)).Value.ShouldBe(pepper);
    }

    [Fact]
    public async Task Acts_AreReadNewestFirst()
    {
        await using var store = await OpenAsync();
        var act = new AuditEntry(Entries.Noon, "admin", "key.create", "key_1") { Detail = "{}", RequestId = "req_1", Address = "::1" };
        await store.Audit.WriteAsync(act, Cancelled);
        await store.Audit.WriteAsync(new AuditEntry(Entries.Noon.AddSeconds(1), "cli", "key.revoke", null), Cancelled);

        var acts = (await store.Audit.ReadAsync(10, null, Cancelled)).Value!;
        acts.Select(a => a.Act).ShouldBe(["key.revoke", "key.create"]);
        acts[1].ShouldBe(act);
        (await store.Audit.ReadAsync(10, Entries.Noon.AddSeconds(1), Cancelled)).Value!.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task ClosedStore_SaysSo()
    {
        var store = await OpenAsync();
        (await store.CheckAsync(Cancelled)).ShouldBeNull();
        await store.DisposeAsync();

        (await store.Ledger.WriteAsync(Entries.Call("late"), Cancelled))!.Code.ShouldBe("storage");
        (await store.CheckAsync(Cancelled)).ShouldNotBeNull();
    }

    private static IAsyncEnumerable<LedgerEntry> ReadAsync(ISluiceStore store, LedgerFilter filter) => store.Ledger.ReadAsync(filter, Cancelled);

    private static async Task<BudgetStanding> StandingAsync(ISluiceStore store, BudgetCap cap) => (await store.Budgets.StandingsAsync([cap.Period], Cancelled)).Value!.Single();

    // Records compare lists by reference.
    private static string Plain(KeyRecord key) => JsonSerializer.Serialize(new
    {
        key.Id, key.Name, Hash = Convert.ToHexString(key.Hash.Span), key.Tail, key.Group, key.Models, key.Routes, key.Providers, key.Limits, key.Budget.Daily, key.Budget.Monthly, key.Budget.TimeZone,
        key.Budget.Warn, Webhook = key.Budget.Webhook?.Reveal(), key.ExpiresAt, key.Addresses, key.Labels, key.CreatedAt, key.RevokedAt, key.Version,
    });
}
