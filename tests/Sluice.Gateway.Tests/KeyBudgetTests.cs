using System.Net;
using System.Text;
using Sluice.Access.Administration;
using Sluice.Gateway.Hosting;
using Sluice.Storage.Sqlite;
using Sluice.Telemetry;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Budgets of keys and of the tree of their groups, and who is told that they run out.</summary>
public sealed class KeyBudgetTests : IAsyncLifetime
{
    // Ten tokens out at 1000 USD a million: a cent.
    private const string Answer = """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":0,"completion_tokens":10,"total_tokens":10}}""";

    private const string Settings = """
        providers: { up: { type: openai, base_url: "URL/v1", api_key: test, price: { input: 0, output: 1000 } } }
        models: { smart: { targets: [up/m], budget: { weekly: 0.03 } } }
        budgets: { monthly: 0.09, warn: 0.5 }
        logging: { format: json }
        keys:
          required: true
          groups:
            team: { budget: { total: 0.05 } }
            project: { parent: team, budget: { daily: 0.02 } }
            other: { parent: team }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-key-budget-").FullName;
    private readonly MemoryStream _log = new();
    private SqliteStore _store = null!;
    private FakeUpstream _fake = null!;
    private KeyAdministration _keys = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = SqliteStore.Open(Path.Combine(_folder, "sluice.db"), TimeProvider.System).Value!;
        _fake = await FakeUpstream.StartAsync(_ => Task.FromResult(FakeAnswer.Json(Answer)));
        await _fake.GatewayAsync(Settings, new GatewayHostOptions { Store = _store, LogOutput = _log });
        _keys = new KeyAdministration(_store.Keys, new AuditLog(null, _store.Audit, () => _fake.State.Current.Secrets), () => _fake.State.Current.Config, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _fake.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Tree_HoldsTheKey_ItsProject_AndTheTeamOfBoth()
    {
        string first = await KeyAsync("""{"name":"first","group":"project","budget":{"daily":0.01}}""");
        string second = await KeyAsync("""{"name":"second","group":"project"}""");
        string third = await KeyAsync("""{"name":"third","group":"other"}""");

        await PassesAsync(first);
        await RefusesAsync(first, "daily budget of key 'first'");
        await PassesAsync(second);
        await RefusesAsync(second, "daily budget of group 'project'");
        for (int i = 0; i < 3; i++) await PassesAsync(third);
        await RefusesAsync(third, "total budget of group 'team'");

        // A cap that is raised holds from the next call on.
        await _keys.UpdateAsync("first", KeyedGateway.Node("""{"group":null,"budget":{"daily":0.02}}"""), null, new Administrator("cli"), Cancel);
        await PassesAsync(first);
        await RefusesAsync(first, "daily budget of key 'first'");
    }

    [Fact]
    public async Task Route_AndGateway_HoldAllKeysTogether_AndAreToldOfOnce()
    {
        string[] keys = [await KeyAsync("{}"), await KeyAsync("{}")];
        for (int i = 0; i < 3; i++) await PassesAsync(keys[i % 2], "smart");
        await RefusesAsync(keys[0], "weekly budget of route 'smart'", "smart");
        for (int i = 0; i < 6; i++) await PassesAsync(keys[i % 2]);
        await RefusesAsync(keys[1], "monthly budget of the gateway");

        var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { { "x-api-key", keys[0] } } };
        string metrics = await TextAsync(await _fake.Client.SendAsync(request, Cancel));
        metrics.ShouldContain("sluice_budget_alerts_total{event=\"budget.warning\",scope=\"gateway\",period=\"monthly\"} 1\n");
        metrics.ShouldContain("sluice_budget_alerts_total{event=\"budget.spent\",scope=\"gateway\",period=\"monthly\"} 1\n");
        metrics.ShouldContain("sluice_budget_alerts_total{event=\"budget.spent\",scope=\"route\",period=\"weekly\"} 1\n");
        // The line of the last call comes after it.
        string log;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!(log = Encoding.UTF8.GetString(_log.ToArray())).Contains("budget.spent\",\"budget\":\"monthly", StringComparison.Ordinal)) await Task.Delay(20, patience.Token);
        log.Split('\n').Count(l => l.Contains("\"event\":\"budget.warning\"", StringComparison.Ordinal) && l.Contains("monthly budget of the gateway", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task ThousandCallsAtOnce_OfManyKeys_NeverMoreThanTheTeamHolds()
    {
        string[] keys = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => KeyAsync("""{"group":"other"}""")));
        var statuses = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async i =>
        {
            using var answer = await AskAsync(keys[i % 10]);
            return answer.StatusCode;
        }));

        _fake.Requests.Count.ShouldBe(5);
        statuses.Count(s => s == HttpStatusCode.OK).ShouldBe(5);
        statuses.Count(s => s == HttpStatusCode.PaymentRequired).ShouldBe(995);
    }

    private async Task<string> KeyAsync(string settings) => (await _keys.CreateAsync(KeyedGateway.Node(settings), new Administrator("cli"), Cancel)).Value!.Secret;

    private async Task PassesAsync(string key, string model = "up/m")
    {
        using var answer = await AskAsync(key, model);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
    }

    private async Task RefusesAsync(string key, string words, string model = "up/m")
    {
        using var answer = await AskAsync(key, model);
        answer.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        (await TextAsync(answer)).ShouldContain(words);
    }

    private Task<HttpResponseMessage> AskAsync(string key, string model = "up/m")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Headers = { { "x-api-key", key } } };
        request.Content = new StringContent($$"""{"model":"{{model}}","max_tokens":10,"messages":[{"role":"user","content":"Hi"}]}""", Encoding.UTF8, "application/json");
        return _fake.Client.SendAsync(request, Cancel);
    }
}
