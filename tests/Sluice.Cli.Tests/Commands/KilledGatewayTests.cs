using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.Simulator;
using Sluice.Storage;
using Sluice.Storage.Sqlite;

namespace Sluice.Cli.Tests.Commands;

/// <summary>
/// A gateway that is killed under load, again and again: what a client saw finished is in the ledger, once. Four kills in every run; a hundred with
/// <c>SLUICE_KILLS=100</c>.
/// </summary>
public sealed partial class KilledGatewayTests : IDisposable
{
    private const int Clients = 16;

    private const string Settings = """
        server: { listen: 127.0.0.1:0 }
        defaults: { retry: { max_attempts: 1 } }
        providers: { sim: { type: openai, base_url: "URLopenai/v1", api_key: any, price: { input: 1, output: 2 } } }
        """;

    private const string Budget = """

        budgets: { daily: 100000 }
        """;

    private readonly CliProcess cli = new();

    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("SLUICE_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out int kills) ? kills : 4;

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FinishedCalls_AreAllInTheLedger_AndOnce(bool budget)
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TestContext.Current.CancellationToken);
        cli.Write("sluice.yaml", (budget ? Settings + Budget : Settings).Replace("URL", simulator.BaseAddress.AbsoluteUri, StringComparison.Ordinal));
        var finished = new ConcurrentDictionary<string, byte>(StringComparer.Ordinal);

        for (int kill = 0; kill < Kills / 2; kill++) await RunAndKillAsync(finished);
        // Opened once more by a gateway, so that what the last one left open is settled.
        await RunAndKillAsync(new ConcurrentDictionary<string, byte>(StringComparer.Ordinal), calls: 0);

        await using var store = SqliteStore.Open(cli.PathOf("sluice.db"), TimeProvider.System).Value!;
        var entries = await store.Ledger.ReadAsync(new LedgerFilter(), TestContext.Current.CancellationToken).ToDictionaryAsync(e => e.Id, StringComparer.Ordinal, TestContext.Current.CancellationToken);
        finished.Count.ShouldBeGreaterThan(Kills / 2 * Clients);
        finished.Keys.Where(id => !entries.TryGetValue(id, out var entry) || entry.Outcome != "ok" || entry.Estimated || entry.CostUsd is null or 0).ShouldBeEmpty();
        // What was under way at a kill may have had room in the budget and not have been sent yet: it counts as an estimate, and nothing else goes beyond what was received.
        int lost = entries.Values.Count(e => e is { Outcome: "lost", Estimated: true });
        lost.ShouldBeLessThanOrEqualTo(budget ? Kills / 2 * Clients : 0);
        (entries.Count - lost).ShouldBeLessThanOrEqualTo((int)simulator.Requests.Received);
        if (!budget) return;
        // Nothing is held for calls that are gone.
        var spend = await store.Ledger.SpendAsync(new SpendQuery(new LedgerFilter(), null), TestContext.Current.CancellationToken);
        var day = DateTimeOffset.UtcNow.Date;
        var today = new BudgetPeriod(BudgetPeriod.Gateway, "daily", new DateTimeOffset(day, TimeSpan.Zero), new DateTimeOffset(day.AddDays(1), TimeSpan.Zero));
        var standing = (await store.Budgets.StandingsAsync([today], TestContext.Current.CancellationToken)).Value!.Single();
        standing.Reserved.ShouldBe(0);
        standing.Spent.ShouldBe(spend.Value!.Total.CostUsd);
    }

    private async Task RunAndKillAsync(ConcurrentDictionary<string, byte> finished, int calls = 100)
    {
        await using var gateway = new RunningCommand(cli.Start("serve"));
        string printed = await gateway.WaitForAsync("Sluice listens on ");
        using var client = new HttpClient { BaseAddress = new Uri(Address().Match(printed).Value), Timeout = TimeSpan.FromSeconds(20) };
        int left = calls;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (calls == 0) enough.SetResult();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var load = Task.WhenAll(Enumerable.Range(0, calls == 0 ? 0 : Clients).Select(i => LoadAsync(client, i % 2 == 0, id =>
        {
            finished[id] = 0;
            if (Interlocked.Decrement(ref left) == 0) enough.SetResult();
        }, stop.Token)));
        await enough.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        gateway.Signal("KILL");
        await gateway.EndAsync();
        await stop.CancelAsync();
        await load;
    }

    // Calls until the gateway is gone; a call counts when its whole answer was read.
    private static async Task LoadAsync(HttpClient client, bool stream, Action<string> finished, CancellationToken cancellationToken)
    {
        string body = $$"""{"model":"sim/large","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"Tell me about the sea"}]}""";
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                using var answer = await client.PostAsync("/v1/chat/completions", content, cancellationToken);
                string text = await answer.Content.ReadAsStringAsync(cancellationToken);
                if (answer.IsSuccessStatusCode && (!stream || text.TrimEnd().EndsWith("[DONE]", StringComparison.Ordinal))) finished(answer.Headers.GetValues("x-request-id").Single());
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // The gateway was killed.
        }
    }

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex Address();
}
