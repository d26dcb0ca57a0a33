using Sluice.Catalog;
using Sluice.Chat;
using Sluice.Configuration;
using Sluice.Pricing;
using Sluice.Wire;

namespace Sluice.Tests.Pricing;

public sealed class CallPricerTests
{
    private static readonly CallPricer Pricer = new(new PriceBook(ModelCatalog.Embedded));
    private static readonly PricedCall Now = new(new DateTimeOffset(2026, 11, 15, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Price_AnthropicUsage_TakesTierAndModifiersFromIt()
    {
        var usage = Recorded("anthropic-messages", """{"input_tokens":1000,"output_tokens":0,"service_tier":"batch","inference_geo":"us"}""") with { InputTokens = 1000, OutputTokens = 0 };

        Pricer.Price(Provider("anthropic"), "claude-opus-5", usage, Now).Usd.ShouldBe(1000 * 5m * 0.5m * 1.1m / 1_000_000m);
    }

    [Fact]
    public void Price_Perplexity_CountsWhatStandsBesideTheTotals()
    {
        // The codec of the wire format reads completion_tokens alone.
        var usage = Recorded("openai-chat", """{"prompt_tokens":33,"completion_tokens":7163,"citation_tokens":20016,"num_search_queries":18,"reasoning_tokens":73997,"total_tokens":7196}""")
            with { InputTokens = 33, OutputTokens = 7163, ReasoningTokens = 73997, CitationTokens = 20016 };

        Pricer.Price(Provider("perplexity"), "sonar-deep-research", usage, Now).Usd.ShouldBe(0.409393m);
    }

    [Fact]
    public void Price_Cohere_IsOfTheTokensThatItBills()
    {
        var usage = new Usage { InputTokens = 1442, OutputTokens = 29, CacheReadTokens = 1040, BilledInputTokens = 41, BilledOutputTokens = 28 };

        var provider = Provider("cohere") with { Price = new PriceConfig { Input = 1_000_000m, Output = 1_000_000m } };
        Pricer.Price(provider, "command-r7b-12-2024", usage, Now).Usd.ShouldBe(69m);
    }

    [Fact]
    public void Price_OpenRouter_IsWhatItTells()
    {
        var usage = Recorded("openai-chat", """{"prompt_tokens":5000,"completion_tokens":1000,"cost":0.0333}""") with { InputTokens = 5000, OutputTokens = 1000, ProviderCost = 0.0333m };

        var cost = Pricer.Price(Provider("openrouter"), "anthropic/claude-opus-4.8", usage, Now);

        (cost.Usd, cost.Basis).ShouldBe((0.0333m, "as the provider told"));
        cost.Lines.ShouldNotBeEmpty();
        Pricer.Price(Provider("openrouter"), "a/model-that-nobody-knows", usage, Now).Usd.ShouldBe(0.0333m);
        Pricer.Price(Provider("openrouter") with { Price = new PriceConfig { Input = 1m, Output = 1m } }, "x", usage, Now).Usd.ShouldBe(0.006m);
    }

    [Fact]
    public void Price_OpenRouterWithAKeyOfOnesOwn_IsTheCataloguesPrice()
    {
        var usage = Recorded("openai-chat", """{"prompt_tokens":5000,"completion_tokens":1000,"cost":0.001,"is_byok":true}""") with { InputTokens = 5000, OutputTokens = 1000, ProviderCost = 0.001m };

        Pricer.Price(Provider("openrouter"), "anthropic/claude-opus-4.8", usage, Now).Usd.ShouldBe(0.05m);
    }

    [Fact]
    public void Price_ModelOfTheAnswerAndTierOfTheCall_Count()
    {
        var usage = new Usage { InputTokens = 1_000_000, OutputTokens = 0 };

        Pricer.Price(Provider("azure"), "our-deployment", usage, Now).Usd.ShouldBeNull();
        Pricer.Price(Provider("azure"), "our-deployment", usage, Now with { AnsweredModel = "gpt-4o-2024-11-20" }).Usd.ShouldBe(2.5m);
        Pricer.Price(Provider("openai"), "gpt-5.4", usage with { InputTokens = 1000, ServiceTier = "priority" }, Now).Usd.ShouldBe(0.005m);
        Pricer.Price(Provider("openai"), "gpt-5.4", null, Now).Unknown.ShouldBe("the provider reported no usage");
    }

    [Fact]
    public void Price_CohereSearches_PayTheirFee()
    {
        var usage = new Usage { InputTokens = 0, OutputTokens = 0, ToolCalls = new Dictionary<string, long> { ["search_units"] = 3 } };

        Pricer.Price(Provider("cohere"), "rerank-v3.5", usage, Now).Usd.ShouldBe(0.006m);
    }

    private static ProviderConfig Provider(string type) => new() { Name = type, Type = type };

    private static Usage Recorded(string format, string json) => new() { Raw = RawJson.FromText(json), RawFormat = new WireFormatId(format) };
}
