using System.Text;
using Sluice.Accounting.Ledger;
using Sluice.Configuration;
using Sluice.Gateway.Hosting;
using Sluice.Storage;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>What is paid beside tokens, and what stands beside the usage object: counted where the answer shows it, unknown where nobody knows the fee.</summary>
public sealed class ToolFeeTests : IAsyncLifetime
{
    private const string NoTokens = """{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}""";

    private readonly FaultyStore _store = new();
    private SluiceConfig _config = SluiceConfig.Default;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData("gemini-2.5-flash", "0.035")] // by the prompt, however often it searched
    [InlineData("gemini-3.5-flash", "0.028")] // by the query, without empty ones and those asked twice
    public async Task GroundedSearch_IsBilledAsTheGenerationOfTheModelHasIt(string model, string expected)
    {
        string answer = $$$"""{"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"\"groundingMetadata\": {"}]},"finishReason":"STOP","groundingMetadata":{"webSearchQueries":["a","b","","a"]}}],"usageMetadata":{"promptTokenCount":0,"totalTokenCount":0},"modelVersion":"{{{model}}}"}""";

        foreach (string dialect in (string[])["gemini-generate", "openai-chat"])
        {
            (await CallAsync(dialect, $"gemini/{model}", answer)).CostUsd.ShouldBe(decimal.Parse(expected), dialect);
        }
    }

    [Fact]
    public async Task AnswerFromMaps_HasAnUnknownCost()
    {
        string answer = """{"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP","groundingMetadata":{"groundingChunks":[{"maps":{"uri":"https://maps"}}]}}],"usageMetadata":{"promptTokenCount":5,"totalTokenCount":5},"modelVersion":"gemini-3.5-flash"}""";

        var entry = await CallAsync("gemini-generate", "gemini/gemini-3.5-flash", answer);

        entry.CostUsd.ShouldBeNull();
        entry.Price.ShouldNotBeNull().ShouldContain("no fee is known for google_maps");
    }

    [Fact]
    public async Task SearchModel_PaysForTheSearchOfEveryRequest() =>
        (await CallAsync("openai-chat", "openai/gpt-4o-search-preview", Chat("gpt-4o-search-preview", NoTokens))).CostUsd.ShouldBe(0.025m);

    [Fact]
    public async Task Container_HasAnUnknownCost_NotThatOfItsTokensAlone()
    {
        string answer = """{"id":"r","object":"response","created_at":1,"status":"completed","model":"gpt-5.4","output":[{"type":"code_interpreter_call","id":"ci","status":"completed","code":"1","container_id":"c","outputs":null},{"type":"message","id":"m","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[]}]}],"usage":{"input_tokens":10,"output_tokens":10,"total_tokens":20}}""";

        var entry = await CallAsync("openai-responses", "openai/gpt-5.4", answer);

        entry.CostUsd.ShouldBeNull();
        entry.Price.ShouldNotBeNull().ShouldContain("no fee is known for code_execution");
    }

    [Fact]
    public async Task NameOfADeployment_IsPricedAsTheModelThatAnswers() =>
        (await CallAsync("openai-chat", "azure/our-own-name", Chat("gpt-4o-2024-11-20", """{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}"""))).CostUsd.ShouldBe(0.0035m);

    [Fact]
    public async Task ServiceTierAndSearches_StayWithTheCall_SoThatItCanBePricedAgain()
    {
        string answer = """{"id":"r","object":"response","created_at":1,"status":"completed","service_tier":"priority","model":"gpt-5.4","output":[{"type":"web_search_call","id":"ws","status":"completed","action":{"type":"search","query":"x"}},{"type":"message","id":"m","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[]}]}],"usage":{"input_tokens":1000,"output_tokens":0,"total_tokens":1000}}""";

        var entry = await CallAsync("openai-responses", "openai/gpt-5.4", answer);

        entry.CostUsd.ShouldBe(0.015m);
        new LedgerRepricer(_config).Reprice(entry).ShouldBeNull();
        var dearer = new LedgerRepricer(_config with { Providers = _config.Providers.ToDictionary(p => p.Key, p => p.Value with { Price = new PriceConfig { Input = 100m, Output = 0m } }) });
        dearer.Reprice(entry).ShouldNotBeNull().CostUsd.ShouldBe(0.11m);
    }

    private static string Chat(string model, string usage) => $$"""{"id":"c","object":"chat.completion","created":1,"model":"{{model}}","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{{usage}}}""";

    private async Task<LedgerEntry> CallAsync(string dialect, string model, string upstream)
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(upstream));
        await fake.GatewayAsync(
            """
            providers:
              openai: { base_url: "URL/v1", api_key: k, formats: [openai-chat, openai-responses] }
              gemini: { base_url: "URL", api_key: k }
              azure: { base_url: "URL", api_key: k }
            """,
            new GatewayHostOptions { Store = _store, Time = new SettableClock() });
        _config = fake.State.Current.Config;
        var (path, body) = Ask(dialect, model, "Hello");
        using var answer = await fake.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue(await TextAsync(answer));
        return (await _store.EntriesAsync()).Single(e => e.Id == Header(answer, "x-request-id"));
    }
}
