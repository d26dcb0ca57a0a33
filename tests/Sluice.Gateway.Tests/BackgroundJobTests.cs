using System.Net;
using System.Text;
using Sluice.Gateway.Hosting;
using Sluice.Storage;
using Sluice.TestKit;

namespace Sluice.Gateway.Tests;

/// <summary>Responses that are made in the background hold what they have reserved until their usage is seen, and are paid for once.</summary>
public sealed class BackgroundJobTests : IAsyncLifetime
{
    private const string Cap = "budgets: { total: 1.0 }";
    private readonly FaultyStore _store = new();
    private readonly ManualTime _time = new();
    private FakeUpstream? _fake;
    private string _progress = """{"id":"ID","object":"response","created_at":1,"status":"in_progress","background":true,"model":"m","output":[],"usage":null}""";
    private int _made;
    private readonly TaskCompletionSource _break = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (_fake is not null) await _fake.DisposeAsync();
        await _store.DisposeAsync();
    }

    // 500 tokens out at 1000 USD a million are half a dollar: two fit under a cap of one.
    [Theory]
    [InlineData("true")]
    [InlineData("\"true\"")]
    [InlineData("1")]
    public async Task ManyAtOnce_HoldTheCap_AndTheOneThatIsFetchedGivesItsRestBack(string background)
    {
        await StartAsync(Cap);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(background)));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(2);
        answers.Count(a => a.StatusCode == HttpStatusCode.PaymentRequired).ShouldBe(18);
        (await _store.EntriesAsync()).ShouldBeEmpty();

        await GetAsync("resp_1");
        (await AskAsync(background)).StatusCode.ShouldBe(HttpStatusCode.PaymentRequired);

        _progress = Ended("completed", 100);
        for (int i = 0; i < 3; i++) await GetAsync("resp_1");
        var entry = (await _store.EntriesAsync()).ShouldHaveSingleItem();
        (entry.InputTokens, entry.OutputTokens, entry.CostUsd, entry.Outcome, entry.Estimated).ShouldBe((7, 100, 0.1m, "ok", false));
        var standing = await StandingAsync();
        (standing.Spent, standing.Reserved).ShouldBe((0.1m, 0.5m));
    }

    [Theory]
    [InlineData("completed", 20, "0.02", false)]
    [InlineData("incomplete", 500, "0.5", false)]
    [InlineData("cancelled", 20, "0.02", false)]
    [InlineData("cancelled", null, "0.5", true)] // nobody knows what it took
    [InlineData("failed", null, "0", false)]
    public async Task Cancel_SettlesByWhatItTells(string status, int? output, string usd, bool estimated)
    {
        await StartAsync(Cap);
        await AskAsync("true");
        _progress = Ended(status, output);

        using var answer = await _fake!.Client.PostAsync("/v1/responses/resp_1/cancel", null, Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var entry = (await _store.EntriesAsync()).ShouldHaveSingleItem();
        (entry.CostUsd, entry.Estimated).ShouldBe((decimal.Parse(usd, System.Globalization.CultureInfo.InvariantCulture), estimated));
        (await StandingAsync()).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task WithoutACap_ItIsBookedOnce_WhenItIsSeen()
    {
        await StartAsync("");
        await AskAsync("true");
        (await _store.EntriesAsync()).ShouldBeEmpty();

        _progress = Ended("completed", 100);
        for (int i = 0; i < 3; i++) await GetAsync("resp_1");

        (await _store.EntriesAsync()).ShouldHaveSingleItem().CostUsd.ShouldBe(0.1m);
    }

    [Theory]
    [InlineData(Cap, "0.5")]
    [InlineData("", "0")]
    public async Task NeverFetched_IsSettledAfterAnHour_AsAnEstimate(string cap, string usd)
    {
        await StartAsync(cap, time: _time);
        await AskAsync("true");

        await WaitAsync(async () =>
        {
            _time.Advance(TimeSpan.FromMinutes(61));
            return (await _store.EntriesAsync()).Count > 0;
        });

        var entry = (await _store.EntriesAsync()).ShouldHaveSingleItem();
        (entry.CostUsd, entry.Outcome, entry.Estimated).ShouldBe((decimal.Parse(usd, System.Globalization.CultureInfo.InvariantCulture), "lost", true));
        _progress = Ended("completed", 100);
        await GetAsync("resp_1");
        (await _store.EntriesAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Restart_SettlesWhatWasNotFetched_AtItsReservation()
    {
        await StartAsync(Cap);
        await AskAsync("true");
        await _fake!.DisposeAsync();
        _fake = null;

        await _store.ReopenAsync();

        (await _store.EntriesAsync()).ShouldHaveSingleItem().CostUsd.ShouldBe(0.5m);
    }

    [Fact]
    public async Task Deleted_IsSettledAtItsReservation()
    {
        await StartAsync(Cap);
        await AskAsync("true");

        using var answer = await _fake!.Client.DeleteAsync("/v1/responses/resp_1", Cancel);

        (await _store.EntriesAsync()).ShouldHaveSingleItem().CostUsd.ShouldBe(0.5m);
    }

    [Fact]
    public async Task StreamThatEnds_IsSettledAtOnce()
    {
        await StartAsync(Cap, stream: true);

        using var answer = await AskAsync("true", stream: true);

        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain("response.completed");
        (await _store.EntriesAsync()).ShouldHaveSingleItem().CostUsd.ShouldBe(0.1m);
        (await StandingAsync()).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task StreamThatBreaksOff_RunsOn_AndIsSettledWhenItIsFetched()
    {
        await StartAsync(Cap, stream: true, breaks: true);
        using var answer = await AskAsync("true", stream: true);
        _break.SetResult();
        await Should.ThrowAsync<Exception>(async () => throw new HttpRequestException(await answer.Content.ReadAsStringAsync(Cancel)));
        await GetAsync("resp_1");
        (await _store.EntriesAsync()).ShouldBeEmpty();
        (await StandingAsync()).Reserved.ShouldBe(0.5m);

        // What has broken off for its client may still be on its way to be kept.
        _progress = Ended("completed", 100);
        await WaitAsync(async () =>
        {
            await GetAsync("resp_1");
            return (await _store.EntriesAsync()).Count > 0;
        });

        (await _store.EntriesAsync()).ShouldHaveSingleItem().CostUsd.ShouldBe(0.1m);
    }

    private static string Ended(string status, int? output) =>
        $$"""{"id":"ID","object":"response","created_at":1,"status":"{{status}}","background":true,"model":"m",{{(status == "failed" ? "\"error\":{\"code\":\"server_error\",\"message\":\"no\"}," : "")}}"output":[],"usage":"""
        + (output is { } n ? $$"""{"input_tokens":7,"output_tokens":{{n}},"total_tokens":{{n + 7}}}""" : "null") + "}";

    private async Task StartAsync(string cap, bool stream = false, bool breaks = false, TimeProvider? time = null)
    {
        _fake = await FakeUpstream.StartAsync(request => !request.Target.EndsWith("/v1/responses", StringComparison.Ordinal) ? FakeAnswer.Json(_progress.Replace("ID", "resp_1", StringComparison.Ordinal))
            : stream ? Stream(breaks)
            : FakeAnswer.Json($$"""{"id":"resp_{{Interlocked.Increment(ref _made)}}","object":"response","created_at":1,"status":"queued","background":true,"model":"m","output":[],"usage":null}"""));
        await _fake.GatewayAsync(
            $$"""
            {{cap}}
            defaults: { retry: { max_attempts: 1 } }
            providers: { up: { type: openai, base_url: "URL/v1", api_key: k-0123456789, formats: [openai-chat, openai-responses], price: { input: 0, output: 1000 } } }
            """,
            new GatewayHostOptions { Store = _store, Time = time ?? TimeProvider.System });
    }

    private FakeAnswer Stream(bool breaks)
    {
        string begun = "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"in_progress\",\"background\":true,\"model\":\"m\",\"output\":[]}}\n\n"
            + "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":\"Hi\"}\n\n";
        if (!breaks) return FakeAnswer.Events(begun + "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":" + Ended("completed", 100).Replace("ID", "resp_1", StringComparison.Ordinal) + "}\n\n");
        return FakeAnswer.Events(begun) with
        {
            Rest = async (_, _) =>
            {
                await _break.Task;
                return false;
            },
        };
    }

    private Task<HttpResponseMessage> AskAsync(string background, bool stream = false) => _fake!.Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/v1/responses") { Content = new StringContent($$"""{"model":"up/m","input":"Hi","max_output_tokens":500,"background":{{background}},"stream":{{(stream ? "true" : "false")}}}""", Encoding.UTF8, "application/json") },
        HttpCompletionOption.ResponseHeadersRead, Cancel);

    private async Task GetAsync(string id)
    {
        using var answer = await _fake!.Client.GetAsync("/v1/responses/" + id, Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<BudgetStanding> StandingAsync()
    {
        var total = new BudgetPeriod(BudgetPeriod.Gateway, "total", DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        return (await _store.Budgets.StandingsAsync([total], Cancel)).Value!.Single();
    }

    private static async Task WaitAsync(Func<Task<bool>> isSo)
    {
        for (int i = 0; !await isSo(); i++)
        {
            i.ShouldBeLessThan(1000);
            await Task.Delay(20, Cancel);
        }
    }
}
