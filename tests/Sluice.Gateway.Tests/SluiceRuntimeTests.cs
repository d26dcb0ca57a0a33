using Sluice.Chat;
using Sluice.Client;
using Sluice.Configuration;
using Sluice.Errors;

namespace Sluice.Gateway.Tests;

/// <summary>Calls from code pass the same guards as those over HTTP: they are in the ledger and under the budgets, and there is no client without.</summary>
public sealed class SluiceRuntimeTests : IAsyncLifetime
{
    private const string Answer = """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":10,"total_tokens":11}}""";
    private readonly FaultyStore _store = new();
    private FakeUpstream _fake = null!;

    public async ValueTask InitializeAsync() => _fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Answer));

    public async ValueTask DisposeAsync()
    {
        await _fake.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task CallFromCode_IsInTheLedger_AndUnderTheBudgets()
    {
        await using var runtime = new SluiceRuntime(Config("budgets: { total: 0.015 }"), new RuntimeOptions { Store = _store });
        await runtime.StartAsync(TestContext.Current.CancellationToken);

        await runtime.Client.CompleteAsync(Ask(1), TestContext.Current.CancellationToken);

        (await _store.EntriesAsync()).ShouldHaveSingleItem().CostUsd.ShouldBe(0.01m);
        (await Should.ThrowAsync<SluiceException>(() => runtime.Client.CompleteAsync(Ask(1), TestContext.Current.CancellationToken))).Error.Status.ShouldBe(402);
        (await Should.ThrowAsync<SluiceException>(() => runtime.Client.CompleteAsync(Ask(100), TestContext.Current.CancellationToken))).Error.Status.ShouldBe(402);
        _fake.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("budgets: { total: 1 }", "budgets")]
    [InlineData("models: { fast: { targets: [up/m], budget: { daily: 1 } } }", "models.fast.budget")]
    public void BudgetsWithoutAStore_AreRefused(string budget, string named) =>
        Should.Throw<ArgumentException>(() => new LlmClient(Config(budget))).Message.ShouldContain(named);

    private static ChatRequest Ask(int candidates) => new() { Model = "up/m", MaxTokens = 10, CandidateCount = candidates, Messages = [new ChatMessage(Role.User, [new TextPart("Hi")])] };

    private SluiceConfig Config(string budget) =>
        ConfigurationLoader.LoadText($"{budget}\nproviders: {{ up: {{ type: openai-compatible, base_url: \"{_fake.Address}/v1\", api_key: k-0123456789, price: {{ input: 0, output: 1000 }} }} }}", "test", new ProcessEnvironment()).Config!;
}
