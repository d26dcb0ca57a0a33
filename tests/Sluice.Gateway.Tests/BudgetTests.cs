using System.Net;
using System.Text.Json;
using Sluice.Gateway.Hosting;
using Sluice.Storage;
using Sluice.Storage.Sqlite;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Budgets hold, under any number of calls at once, and say why they refuse. With a real store.</summary>
public sealed class BudgetTests : IAsyncLifetime
{
    private const string Answer = """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":0,"completion_tokens":10,"total_tokens":10}}""";
    private const string Priced = "price: { input: 0, output: 1000 }";
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-budget-").FullName;
    private SqliteStore _store = null!;
    private FakeUpstream? _fake;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _store = SqliteStore.Open(Path.Combine(_folder, "sluice.db"), TimeProvider.System).Value!;
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        if (_fake is not null) await _fake.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<FakeUpstream> StartAsync(string yaml, Func<FakeRequest, Task<FakeAnswer>>? answer = null, TimeProvider? time = null)
    {
        _fake = await FakeUpstream.StartAsync(answer ?? (_ => Task.FromResult(FakeAnswer.Json(Answer))));
        await _fake.GatewayAsync(yaml, new GatewayHostOptions { Store = _store, Time = time ?? TimeProvider.System });
        return _fake;
    }

    // 10 tokens out at 1000 USD a million: a cent at most, and a cent in fact.
    private static Task<HttpResponseMessage> AskAsync(FakeUpstream fake, string model = "up/m", int maxTokens = 10) => fake.Client.PostAsync(
        "/v1/chat/completions", new StringContent($$"""{"model":"{{model}}","max_tokens":{{maxTokens}},"messages":[{"role":"user","content":"Hi"}]}""", System.Text.Encoding.UTF8, "application/json"), Cancel);

    private async Task<BudgetStanding> StandingAsync(string scope = BudgetPeriod.Gateway)
    {
        var total = new BudgetPeriod(scope, "total", DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        return (await _store.Budgets.StandingsAsync([total], Cancel)).Value!.Single();
    }

    [Fact]
    public async Task ThousandCallsAtOnce_AgainstACapForSeven_NeverMoreThanSevenPass()
    {
        var fake = await StartAsync($$"""
            budgets: { total: 0.07 }
            providers: { up: { type: openai, base_url: "URL/v1", api_key: test, {{Priced}} } }
            """);
        var statuses = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async _ =>
        {
            using var answer = await AskAsync(fake);
            return answer.StatusCode;
        }));
        fake.Requests.Count.ShouldBe(7);
        statuses.Count(s => s == HttpStatusCode.OK).ShouldBe(7);
        statuses.Count(s => s == HttpStatusCode.PaymentRequired).ShouldBe(993);
        var standing = await StandingAsync();
        (standing.Spent, standing.Reserved).ShouldBe((0.07m, 0m));
    }

    [Fact]
    public async Task Room_ThatACallDidNotUse_IsUsedByTheNext()
    {
        var fake = await StartAsync($$"""
            budgets: { total: 0.10 }
            providers: { up: { type: openai, base_url: "URL/v1", api_key: test, {{Priced}} } }
            """);
        // Each may cost seven cents and costs one: while one is under way there is no room for a second.
        for (int i = 0; i < 4; i++)
        {
            using var answer = await AskAsync(fake, maxTokens: 70);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        }
        using var refused = await AskAsync(fake, maxTokens: 70);
        refused.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        string message = (await JsonAsync(refused)).GetProperty("error").GetProperty("message").GetString()!;
        message.ShouldContain("total budget of the gateway");
        message.ShouldContain("0.04 of 0.1 USD are spent");
        message.ShouldContain("up to 0.07");
        message.ShouldContain("never reset");
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("openai-responses")]
    [InlineData("gemini-generate")]
    [InlineData("ollama-chat")]
    public async Task ClientWithoutALimit_GetsOneThatFits_WhereItsFullOutputDoesNot(string dialect)
    {
        var fake = await StartAsync($$"""
            budgets: { total: 2.5 }
            providers: { up: { type: openai, base_url: "URL/v1", api_key: test, {{Priced}}, budget: { total: 2 } } }
            """);
        string[] limits = new string[2];
        for (int i = 0; i < limits.Length; i++)
        {
            // The model's 16,384 tokens would be 16.38 USD.
            var (address, body) = Ask(dialect, "up/m", "Hi");
            using var answer = await fake.Client.PostAsync(address, new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancel);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
            limits[i] = Header(answer, "x-sluice-max-tokens")!;
            JsonDocument.Parse(fake.Requests.Last().Text).RootElement.EnumerateObject().Single(m => m.Name.StartsWith("max_", StringComparison.Ordinal)).Value.ToString().ShouldBe(limits[i]);
        }

        // All that the narrower cap had left; the first call cost a cent of it.
        limits.ShouldBe(["2000", "1990"]);
    }

    [Fact]
    public async Task LimitThatIsPutIn_IsSpelledAsTheModelTakesIt_AlsoInStrictMode()
    {
        var fake = await StartAsync($$"""
            budgets: { total: 2 }
            providers: { up: { type: openai, base_url: "URL/v1", api_key: test, strict: true, {{Priced}} } }
            """);
        using var answer = await fake.ChatAsync("up/gpt-5.4-mini");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        Header(answer, "x-sluice-dropped").ShouldBeNull();
        JsonDocument.Parse(fake.Requests.Single().Text).RootElement.GetProperty("max_completion_tokens").ToString().ShouldBe(Header(answer, "x-sluice-max-tokens"));
    }

    [Fact]
    public async Task ClientWithALimit_KeepsIt_AndIsToldWhatWouldFit()
    {
        var fake = await StartAsync($$"""
            budgets: { total: 2 }
            providers: { up: { type: openai, base_url: "URL/v1", api_key: test, {{Priced}} } }
            """);

        using var refused = await AskAsync(fake, maxTokens: 2001);
        refused.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        (await TextAsync(refused)).ShouldContain("With max_tokens of 2000 or less there would be room.");
        using var fits = await AskAsync(fake, maxTokens: 2000);
        fits.StatusCode.ShouldBe(HttpStatusCode.OK);
        Header(fits, "x-sluice-max-tokens").ShouldBeNull();
    }

    [Fact]
    public async Task ManyCallsWithoutALimit_ThatUseAllTheyMay_NeverPassTheCap()
    {
        var fake = await StartAsync(
            $$"""
            budgets: { total: 5 }
            providers: { up: { type: openai, base_url: "URL/v1", api_key: test, {{Priced}} } }
            """,
            request => Task.FromResult(FakeAnswer.Json(Answer.Replace("\"completion_tokens\":10", $"\"completion_tokens\":{JsonDocument.Parse(request.Text).RootElement.GetProperty("max_tokens").GetInt64()}", StringComparison.Ordinal))));
        var statuses = await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            using var answer = await fake.Client.PostAsync("/v1/chat/completions", new StringContent("""{"model":"up/m","messages":[{"role":"user","content":"Hi"}]}""", System.Text.Encoding.UTF8, "application/json"), Cancel);
            return answer.StatusCode;
        }));

        statuses.Distinct().ShouldBe([HttpStatusCode.OK, HttpStatusCode.PaymentRequired], ignoreOrder: true);
        var standing = await StandingAsync();
        standing.Spent.ShouldBeLessThanOrEqualTo(5m);
        // What is left is too little for an answer.
        standing.Spent.ShouldBeGreaterThan(4.9m);
        standing.Reserved.ShouldBe(0m);
    }

    [Theory]
    [InlineData("\"max_tokens\":-100000")]
    [InlineData("\"max_tokens\":10,\"n\":5")]
    [InlineData("\"max_completion_tokens\":10,\"max_tokens\":50")]
    public async Task Tricks_WithTheLimit_MakeNoRoom(string limit)
    {
        var fake = await StartAsync($$"""
            budgets: { total: 0.04 }
            providers: { up: { type: openai, base_url: "URL/v1", api_key: test, {{Priced}} } }
            """);
        using var answer = await fake.Client.PostAsync("/v1/chat/completions", new StringContent($$"""{"model":"up/m",{{limit}},"messages":[{"role":"user","content":"Hi"}]}""", System.Text.Encoding.UTF8, "application/json"), Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        fake.Requests.Count.ShouldBe(0);
    }

    [Fact]
    public async Task ClockThatJumps_LosesNothing_AndOpensNoCap()
    {
        var clock = new JumpingClock();
        var fake = await StartAsync(
            $$"""
            budgets: { daily: 0.02 }
            providers: { up: { type: openai, base_url: "URL/v1", api_key: test, {{Priced}} } }
            """,
            time: clock);
        async Task<int> AtAsync(double hours)
        {
            clock.Ahead = TimeSpan.FromHours(hours);
            using var answer = await AskAsync(fake);
            return (int)answer.StatusCode;
        }

        (await AtAsync(0), await AtAsync(0), await AtAsync(0)).ShouldBe((200, 200, 402));
        (await AtAsync(-6)).ShouldBe(402);
        // The day before had room of its own, and so has the day after.
        (await AtAsync(-24), await AtAsync(24)).ShouldBe((200, 200));
        // Back again all of it still counts, where it belongs.
        (await AtAsync(0), await AtAsync(-24), await AtAsync(-24)).ShouldBe((402, 200, 402));
        (await _store.Ledger.ReadAsync(new LedgerFilter(), Cancel).CountAsync(Cancel)).ShouldBe(5);
    }

    /// <summary>Noon, and so much later or earlier. Time stamps go on as they do.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero) + Ahead;
    }

    [Fact]
    public async Task CallThatReachedNobody_HoldsNothing()
    {
        var fake = await StartAsync($$"""
            budgets: { total: 0.01 }
            defaults: { retry: { max_attempts: 1 }, breaker: { failures: 1, open_for: 10m } }
            providers:
              up: { type: openai, base_url: "URL/v1", api_key: test, {{Priced}}, limits: { rpm: 1 } }
            """);
        (await AskAsync(fake, maxTokens: 1)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StandingAsync()).Spent.ShouldBe(0.01m);
        var capped = await AskAsync(fake);
        capped.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        (await StandingAsync()).Reserved.ShouldBe(0m);
    }

    [Fact]
    public async Task Limit_AfterTheBudget_GivesTheRoomBack()
    {
        var fake = await StartAsync($$"""
            budgets: { total: 5 }
            providers: { up: { type: openai, base_url: "URL/v1", api_key: test, {{Priced}}, limits: { rpm: 1 } } }
            """);
        (await AskAsync(fake)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(fake)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await StandingAsync()).Reserved.ShouldBe(0m);
    }

    [Fact]
    public async Task Provider_WhoseBudgetIsSpent_IsPassedOver_AndTheCallFailsOnlyWhereNoneIsLeft()
    {
        var fake = await StartAsync($$"""
            providers:
              dear: { type: openai, base_url: "URL/dear/v1", api_key: test, {{Priced}}, budget: { total: 0.02 } }
              spare: { type: openai, base_url: "URL/spare/v1", api_key: test, {{Priced}}, budget: { total: 0.01 } }
            models: { smart: { targets: [dear/m, spare/m] } }
            """);
        var providers = new List<string?>();
        for (int i = 0; i < 3; i++)
        {
            using var answer = await AskAsync(fake, "smart");
            providers.Add(Header(answer, "x-sluice-provider"));
        }
        providers.ShouldBe(["dear", "dear", "spare"]);
        using var none = await AskAsync(fake, "smart");
        none.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);
        (await TextAsync(none)).ShouldContain("provider 'spare'");
        var standing = await StandingAsync(BudgetPeriod.OfProvider("dear"));
        (standing.Spent, standing.Reserved).ShouldBe((0.02m, 0m));
    }

    [Fact]
    public async Task Provider_ThatFails_GivesItsRoomBack()
    {
        var fake = await StartAsync(
            $$"""
            defaults: { retry: { max_attempts: 1 } }
            providers:
              bad: { type: openai, base_url: "URL/bad/v1", api_key: test, {{Priced}}, budget: { total: 1 } }
              good: { type: openai, base_url: "URL/good/v1", api_key: test, {{Priced}} }
            models: { smart: { targets: [bad/m, good/m] } }
            """,
            request => Task.FromResult(request.Target.StartsWith("/bad", StringComparison.Ordinal) ? FakeAnswer.Json("""{"error":{"message":"no"}}""", 500) : FakeAnswer.Json(Answer)));
        using var answer = await AskAsync(fake, "smart");
        Header(answer, "x-sluice-provider").ShouldBe("good");
        var standing = await StandingAsync(BudgetPeriod.OfProvider("bad"));
        (standing.Spent, standing.Reserved).ShouldBe((0m, 0m));
    }

    [Fact]
    public async Task UnknownPrice_UnderACap_IsRefused_UnlessAllowed()
    {
        var fake = await StartAsync("""
            budgets: { total: 5 }
            providers:
              up: { type: openai-compatible, base_url: "URL/v1", api_key: test }
              free: { type: openai-compatible, base_url: "URL/v1", api_key: test, unknown_price: allow }
            """);
        using var refused = await AskAsync(fake, "up/nobody-knows");
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await TextAsync(refused)).ShouldContain("unknown_price: allow");
        fake.Requests.Count.ShouldBe(0);
        (await AskAsync(fake, "free/nobody-knows")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("openai-chat", "error.message")]
    [InlineData("openai-responses", "error.message")]
    [InlineData("anthropic-messages", "error.message")]
    [InlineData("gemini-generate", "error.message")]
    [InlineData("ollama-chat", "error")]
    public async Task Refusal_ComesInTheClientsDialect(string dialect, string path)
    {
        var fake = await StartAsync($$"""
            budgets: { daily: 0.001, time_zone: Europe/Berlin }
            providers: { up: { type: openai, base_url: "URL/v1", api_key: test, {{Priced}} } }
            """);
        var (address, body) = Ask(dialect, "up/m", "Hi");
        using var answer = await fake.Client.PostAsync(address, new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.PaymentRequired, await TextAsync(answer));
        var at = path.Split('.').Aggregate(await JsonAsync(answer), static (json, name) => json.GetProperty(name));
        at.GetString()!.ShouldContain("daily budget of the gateway");
        at.GetString()!.ShouldContain("It resets at");
        Header(answer, "Retry-After").ShouldNotBeNull();
    }

    [Fact]
    public async Task Threshold_IsToldOnce_AndWithoutTheAddress()
    {
        var told = new List<string>();
        var first = new TaskCompletionSource();
        int tries = 0;
        var fake = await StartAsync(
            $$"""
            budgets: { total: 0.05, warn: 0.4, webhook: "URL/hook?token=hush" }
            providers: { up: { type: openai, base_url: "URL/v1", api_key: test, {{Priced}} } }
            """,
            request =>
            {
                if (!request.Target.StartsWith("/hook", StringComparison.Ordinal)) return Task.FromResult(FakeAnswer.Json(Answer));
                // The first try fails: it is made again.
                if (Interlocked.Increment(ref tries) == 1) return Task.FromResult(FakeAnswer.Json("{}", 503));
                lock (told) told.Add(request.Text);
                first.TrySetResult();
                return Task.FromResult(FakeAnswer.Json("{}"));
            });
        for (int i = 0; i < 4; i++) (await AskAsync(fake)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await first.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        lock (told)
        {
            var json = JsonDocument.Parse(told.ShouldHaveSingleItem()).RootElement;
            json.GetProperty("event").GetString().ShouldBe("budget.warning");
            json.GetProperty("spent_usd").GetString().ShouldBe("0.02");
            json.GetProperty("limit_usd").GetString().ShouldBe("0.05");
            told[0].ShouldNotContain("hush");
        }
    }
}
