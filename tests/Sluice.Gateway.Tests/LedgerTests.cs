using System.Net;
using Sluice.Configuration;
using Sluice.Gateway.Hosting;
using Sluice.Simulator;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Every call that reached a provider is in the ledger, with what it used and cost, whatever became of it.</summary>
public sealed class LedgerTests : IAsyncLifetime
{
    private readonly FaultyStore _store = new();
    private SimulatorServer _simulator = null!;
    private GatewayHost? _gateway;
    private HttpClient _client = null!;

    public static TheoryData<string, bool> Calls
    {
        get
        {
            var calls = new TheoryData<string, bool>();
            foreach (string dialect in Dialects)
            {
                calls.Add(dialect, false);
                calls.Add(dialect, true);
            }
            return calls;
        }
    }

    public async ValueTask InitializeAsync() => _simulator = await SimulatorServer.StartAsync(new SimulatorOptions());

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_gateway is not null)
        {
            await _gateway.StopAsync();
            await _gateway.DisposeAsync();
        }
        await _store.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_IsRecorded_WithUsageCostAndLabels(string dialect, bool stream)
    {
        await StartAsync();
        var (path, body) = Ask(dialect, "priced", "Hello there", stream);

        using var answer = await PostAsync(path, body, ("x-sluice-labels", "project=x, env = prod"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        var entry = (await _store.EntriesAsync()).ShouldHaveSingleItem();
        (entry.Provider, entry.Model, entry.Route, entry.Format, entry.Outcome, entry.Status, entry.Streamed, entry.Estimated).ShouldBe(("sim-openai", "large", "priced", dialect, "ok", 200, stream, false));
        entry.InputTokens.ShouldNotBeNull();
        entry.OutputTokens.ShouldNotBeNull();
        entry.CostUsd.ShouldBe((entry.InputTokens + (2 * entry.OutputTokens)) / 1_000_000m);
        entry.RawUsage.ShouldNotBeNull();
        entry.Price!.ShouldContain("\"usd\"");
        entry.Labels["project"].ShouldBe("x");
        entry.Labels["env"].ShouldBe("prod");
        entry.Id.ShouldBe(Header(answer, "x-request-id"));
    }

    [Theory]
    [InlineData("""{"project":"y","n":1,"deep":{"a":["b"]},"team":"search"}""", "project=x;team=search")] // the header comes first
    [InlineData("""{"half":"\\ud800","\\udc00":"half","last":"z"}""", "project=x;last=z")] // halves of signs
    [InlineData("""{"a":"AAAA"}""", "project=x;a=AAAA")]
    public async Task Metadata_GivesLabels_WhateverItHolds(string metadata, string expected)
    {
        await StartAsync();
        metadata = metadata.Replace("\\\\", "\\", StringComparison.Ordinal).Replace("AAAA", new string('a', 255) + "\U0001F600", StringComparison.Ordinal);
        using var answer = await PostAsync("/v1/chat/completions", $$"""{"model":"priced","metadata":{{metadata}},"messages":[{"role":"user","content":"Hi"}]}""", ("x-sluice-labels", "project=x"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        var labels = (await _store.EntriesAsync()).ShouldHaveSingleItem().Labels;
        string.Join(';', labels.Select(l => $"{l.Key}={l.Value}")).ShouldBe(expected.Replace("AAAA", new string('a', 255), StringComparison.Ordinal));
    }

    [Fact]
    public async Task BrokenStream_IsRecordedAsAnEstimate()
    {
        await StartAsync();
        _simulator.Script("openai", Fault.ErrorAt(4));
        var (path, body) = Ask("openai-chat", "priced", "Tell me a long story about the sea", stream: true);

        using var answer = await PostAsync(path, body);
        await TextAsync(answer);

        var entry = (await _store.EntriesAsync()).ShouldHaveSingleItem();
        entry.Estimated.ShouldBeTrue();
        entry.Outcome.ShouldNotBe("ok");
        entry.InputTokens!.Value.ShouldBeGreaterThan(3);
        entry.CostUsd!.Value.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task RefusedCall_IsRecorded_AndCostsNothing()
    {
        await StartAsync();
        _simulator.Script("openai", Fault.WithStatus(400));
        var (path, body) = Ask("openai-chat", "priced", "Hello");

        using var answer = await PostAsync(path, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var entry = (await _store.EntriesAsync()).ShouldHaveSingleItem();
        (entry.Status, entry.CostUsd, entry.InputTokens).ShouldBe((400, 0m, null));
    }

    [Fact]
    public async Task CallThatReachedNobody_IsNotRecorded()
    {
        await StartAsync();

        using var answer = await PostAsync("/v1/chat/completions", """{"model":"nothing/here","messages":[]}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _store.EntriesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task UnknownPrice_IsUnknown_NotZero()
    {
        await StartAsync();
        var (path, body) = Ask("openai-chat", "sim-anthropic/large", "Hello");

        using var answer = await PostAsync(path, body);

        (await _store.EntriesAsync()).ShouldHaveSingleItem().CostUsd.ShouldBeNull();
    }

    [Fact]
    public async Task StoreThatFails_RefusesCalls_AndTakesWhatWasKept_WhenItIsBack()
    {
        await StartAsync();
        var (path, body) = Ask("openai-chat", "priced", "Hello");
        _store.Fails = true;

        using var finished = await PostAsync(path, body);
        using var refused = await PostAsync(path, body);

        finished.StatusCode.ShouldBe(HttpStatusCode.OK);
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await TextAsync(refused)).ShouldContain("storage.on_failure");
        using (var ready = await _client.GetAsync("/health/ready", TestContext.Current.CancellationToken)) ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        _store.Fails = false;
        await UntilAsync(async () => (await _store.EntriesAsync()).Count == 1);
        await UntilAsync(async () =>
        {
            using var again = await PostAsync(path, body);
            return again.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task StoreThatFails_LetsCallsGoOn_WhereThatIsSet()
    {
        await StartAsync("allow");
        var (path, body) = Ask("openai-chat", "priced", "Hello");
        _store.Fails = true;

        for (int i = 0; i < 3; i++)
        {
            using var answer = await PostAsync(path, body);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        _store.Fails = false;
        await UntilAsync(async () => (await _store.EntriesAsync()).Count == 3);
    }

    [Fact]
    public async Task ClientThatLeaves_IsRecorded()
    {
        await StartAsync();
        var (path, body) = Ask("openai-chat", "priced", "Tell me a long story about the sea", stream: true);
        _simulator.Script("openai", Fault.StallAt(900, TimeSpan.FromSeconds(20)));
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };

        using (var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken))
        {
            var reader = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            (await reader.ReadAsync(new byte[10], TestContext.Current.CancellationToken)).ShouldBeGreaterThan(0);
        }

        await UntilAsync(async () => (await _store.EntriesAsync()).Count == 1);
        var entry = (await _store.EntriesAsync()).Single();
        (entry.Status, entry.Estimated).ShouldBe((499, true));
        entry.CostUsd!.Value.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Secrets_AreNowhereInTheDatabase()
    {
        await StartAsync();
        string[] planted = ["sk-planted-in-header-0123456789", "sk-planted-in-query-0123456789", "sk-planted-in-text-0123456789", "sk-planted-in-error-0123456789", "sk-provider-key-0123456789"];
        var (path, body) = Ask("openai-chat", "priced", planted[2]);
        _simulator.Script("openai", Fault.WithStatus(400) with { Message = $"the key {planted[3]} is wrong" });

        using (await PostAsync(path, body, ("Authorization", "Bearer " + planted[0]))) { }
        using (var answer = await PostAsync($"{path}?key={planted[1]}", body, ("x-api-key", planted[0]))) answer.StatusCode.ShouldBe(HttpStatusCode.OK);

        (await _store.EntriesAsync()).Count.ShouldBe(2);
        // An empty one is locked, and holds nothing.
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(_store.File)!).Where(f => new FileInfo(f).Length > 0))
        {
            string text = System.Text.Encoding.Latin1.GetString(await ReadSharedAsync(file));
            foreach (string secret in planted) text.ShouldNotContain(secret, customMessage: file);
        }
    }

    private static async Task<byte[]> ReadSharedAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, TestContext.Current.CancellationToken);
        return copy.ToArray();
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await holds()) await Task.Delay(20, patience.Token);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task StartAsync(string policy = "refuse")
    {
        string yaml = """
            server: { listen: "127.0.0.1:0" }
            storage: { on_failure: POLICY }
            defaults: { retry: { max_attempts: 1 } }
            providers:
              sim-openai: { type: openai, base_url: "URL/openai/v1", api_key: sk-provider-key-0123456789, formats: [openai-chat, openai-responses], price: { input: 1, output: 2 } }
              sim-anthropic: { type: anthropic, base_url: "URL/anthropic", api_key: test }
            models:
              priced: { targets: [sim-openai/large] }
            """.Replace("URL", _simulator.BaseAddress.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal).Replace("POLICY", policy, StringComparison.Ordinal);
        var result = ConfigurationLoader.LoadText(yaml, "test", new ProcessEnvironment());
        _gateway = await GatewayHost.StartAsync(result.Config ?? throw new InvalidOperationException(string.Join('\n', result.Faults)), new GatewayHostOptions { Store = _store });
        _client = new HttpClient { BaseAddress = _gateway.Address, Timeout = TimeSpan.FromSeconds(30) };
    }
}
