using System.Text.Json;
using Sluice.Catalog;
using Sluice.Chat;
using Sluice.Configuration;
using Sluice.Pricing;

namespace Sluice.Tests.Pricing;

public sealed class CostCalculatorTests
{
    private static readonly CostQuery Now = new() { At = new DateTimeOffset(2026, 11, 15, 12, 0, 0, TimeSpan.Zero) };

    private static readonly PriceList Prices = List((TokenKind.Input, 2m), (TokenKind.CacheRead, 0.5m), (TokenKind.Output, 10m), (TokenKind.InputAudio, 30m));

    [Fact]
    public void Calculate_NoPrices_IsUnknownAndNeverZero()
    {
        var usage = new Usage { InputTokens = 1, OutputTokens = 1 };

        CostCalculator.Calculate(null, usage, Now).ShouldSatisfyAllConditions(c => c.Usd.ShouldBeNull(), c => c.Unknown.ShouldNotBeNull());
        CostCalculator.Calculate(PriceList.Unknown, usage, Now).Usd.ShouldBeNull();
        CostCalculator.Calculate(Prices, new Usage(), Now).Unknown.ShouldBe("the provider reported no usage");
    }

    [Fact]
    public void Calculate_KindsWithoutAPrice_FallBackToTheWiderKind()
    {
        var usage = new Usage { InputTokens = 100, CacheReadTokens = 60, CacheReadAudioTokens = 10, InputAudioTokens = 30, CacheWrite1hTokens = 5, OutputTokens = 50, ReasoningTokens = 20 };

        var cost = CostCalculator.Calculate(Prices, usage, Now);

        cost.Lines.Select(l => (l.Kind, l.Count, l.Price)).ShouldBe(
        [
            ("input", 15, 2m), ("cache_read", 50, 0.5m), ("cache_write_1h", 5, 2m), ("input_audio", 20, 30m), ("cache_read_audio", 10, 30m), ("output", 30, 10m), ("reasoning", 20, 10m),
        ]);
        cost.Usd.ShouldBe((30m + 25m + 10m + 600m + 300m + 300m + 200m) / 1_000_000m);
    }

    [Fact]
    public void Calculate_PicturesFromTheCacheThatTheReportDoesNotTell_AreCountedOnce()
    {
        var usage = new Usage { InputTokens = 100, CacheReadTokens = 90, InputImageTokens = 80, OutputTokens = 0 };

        CostCalculator.Calculate(Prices, usage, Now).Lines.Sum(l => l.Count).ShouldBe(100);
    }

    [Theory]
    [InlineData("batch", null, "no price is known for the service tier batch")]
    [InlineData("default", null, null)]
    [InlineData("STANDARD", "global", null)]
    [InlineData(null, "us", "no price is known for inference_geo=us")]
    public void Calculate_TierOrModifierWithoutAPrice_IsUnknown(string? tier, string? geo, string? fault)
    {
        var query = Now with { ServiceTier = tier, Modifiers = geo is null ? Now.Modifiers : new Dictionary<string, string> { ["inference_geo"] = geo } };

        CostCalculator.Calculate(Prices, new Usage { InputTokens = 1, OutputTokens = 1 }, query).Unknown.ShouldBe(fault);
    }

    [Theory]
    [InlineData("web_search", 2, "0.02")]
    [InlineData("web_search_requests", 2, "0.02")] // as Anthropic names it
    [InlineData("web_search_call", 2, "0.02")] // as OpenAI's items are named
    [InlineData("web_fetch_requests", 9, "0")] // costs nothing beyond its tokens
    [InlineData("divination", 1, null)]
    public void Calculate_HostedTool_PaysItsFee(string tool, long count, string? expected)
    {
        var prices = ModelCatalog.Embedded.Find("anthropic", "claude-sonnet-5")!.Prices;
        var usage = new Usage { InputTokens = 0, ToolCalls = new Dictionary<string, long> { [tool] = count } };

        (CostCalculator.Calculate(prices, usage, Now).Usd is { } usd ? Money.Text(usd) : null).ShouldBe(expected);
    }

    [Fact]
    public void Calculate_HoursOverMidnight_HoldOnBothSides()
    {
        var night = new HourlyPrice([], new TimeOnly(22, 0), new TimeOnly(2, 0), Tokens((TokenKind.Input, 1m)));
        var prices = new PriceList { Periods = [new PricePeriod { Tokens = Tokens((TokenKind.Input, 3m)), Hours = [night] }] };

        decimal? At(int hour) => CostCalculator.Calculate(prices, new Usage { InputTokens = 1_000_000 }, new CostQuery { At = new DateTimeOffset(2026, 1, 1, hour, 0, 0, TimeSpan.Zero) }).Usd;

        (At(21), At(22), At(1), At(2)).ShouldBe((3m, 1m, 1m, 3m));
    }

    [Fact]
    public void Calculate_TimesInOtherZones_AreTakenAsUtc()
    {
        var prices = ModelCatalog.Embedded.Find("openai", "o3")!.Prices;
        var usage = new Usage { InputTokens = 1_000_000 };
        var lastOldMoment = new DateTimeOffset(2025, 6, 10, 1, 59, 59, TimeSpan.FromHours(2));

        CostCalculator.Calculate(prices, usage, new CostQuery { At = lastOldMoment }).Usd.ShouldBe(10m);
        CostCalculator.Calculate(prices, usage, new CostQuery { At = lastOldMoment.AddSeconds(1) }).Usd.ShouldBe(2m);
    }

    [Fact]
    public void For_PriceOfTheUser_WinsAndHoldsForEveryTier()
    {
        var book = new PriceBook(ModelCatalog.Embedded);
        var provider = new ProviderConfig { Name = "p", Type = "anthropic", Price = new PriceConfig { Input = 1m, Output = 2m, PerCall = 0.5m } };
        var target = new PriceConfig { Input = 3m, Output = 4m };
        var usage = new Usage { InputTokens = 1_000_000, OutputTokens = 1_000_000, ToolCalls = new Dictionary<string, long> { ["web_search"] = 1 } };

        CostCalculator.Calculate(book.For(provider, "claude-sonnet-5"), usage, Now with { ServiceTier = "batch" }).Usd.ShouldBe(3.51m);
        CostCalculator.Calculate(book.For(provider, "claude-sonnet-5", target: target), usage, Now).Usd.ShouldBe(7.01m);
        CostCalculator.Calculate(book.For(provider with { Type = "openai-compatible" }, "x", target: target), usage with { ToolCalls = null }, Now).Usd.ShouldBe(7m);
    }

    [Fact]
    public void For_ModelOfTheAnswer_CountsMoreThanTheDeploymentsName()
    {
        var book = new PriceBook(ModelCatalog.Embedded);
        var azure = new ProviderConfig { Name = "a", Type = "azure" };

        book.Model(azure, "our-deployment").ShouldBeNull();
        book.Model(azure, "our-deployment", "gpt-4o-2024-11-20")!.Id.ShouldBe("gpt-4o");
        book.Model(azure, "gpt-4o", "something-else")!.Id.ShouldBe("gpt-4o");
    }

    [Fact]
    public void ToJson_Cost_TellsThePricesThatWereUsed()
    {
        var json = JsonDocument.Parse(CostCalculator.Calculate(Prices, new Usage { InputTokens = 3 }, Now).ToJson()).RootElement;

        json.GetProperty("basis").GetString().ShouldBe("base");
        json.GetProperty("lines")[0].GetProperty("usd").GetString().ShouldBe("0.000006");
    }

    [Fact]
    public void Most_Bounds_CoverEveryWayTheTokensMayBeCounted()
    {
        var prices = List((TokenKind.Input, 2m), (TokenKind.CacheWrite, 2.5m), (TokenKind.CacheWrite1h, 4m), (TokenKind.InputAudio, 30m), (TokenKind.Output, 10m), (TokenKind.Reasoning, 12m));
        var call = new CallBounds(1_000_000, 1_000_000);

        CostEstimator.Most(prices, call, Now).ShouldBe(14.5m);
        CostEstimator.Most(prices, call with { MayWriteCache = false }, Now).ShouldBe(14m);
        CostEstimator.Most(prices, call with { MayWriteLongCache = true }, Now).ShouldBe(16m);
        CostEstimator.Most(prices, call with { MayHoldAudio = true }, Now).ShouldBe(42m);
        CostEstimator.Most(null, call, Now).ShouldBeNull();
        CostEstimator.Most(List((TokenKind.Input, 1m)), call, Now).ShouldBeNull();
        CostEstimator.Most(List((TokenKind.Input, 1m)), call with { MaxOutputTokens = 0 }, Now).ShouldBe(1m);
    }

    [Fact]
    public void Most_AllRecordsOfTheCatalogue_IsNeverLessThanAnyWayOfUsingTheTokens()
    {
        foreach (var model in ModelCatalog.Embedded.Models())
        {
            var most = CostEstimator.Most(model.Prices, new CallBounds(300_000, 5_000) { MayWriteLongCache = true }, Now);
            if (most is null) continue;
            Usage[] ways =
            [
                new() { InputTokens = 300_000, OutputTokens = 5_000 },
                new() { InputTokens = 300_000, CacheReadTokens = 100_000, CacheWriteTokens = 100_000, CacheWrite1hTokens = 100_000, OutputTokens = 5_000, ReasoningTokens = 4_000 },
                new() { InputTokens = 300_000, CacheWrite1hTokens = 300_000, OutputTokens = 5_000, ReasoningTokens = 5_000 },
            ];
            foreach (var way in ways) (CostCalculator.Calculate(model.Prices, way, Now with { SearchContextSize = "high" }).Usd <= most).ShouldBeTrue($"{model.Provider}/{model.Id}");
        }
    }

    private static PriceList List(params (TokenKind Kind, decimal Price)[] prices) => new() { Periods = [new PricePeriod { Tokens = Tokens(prices) }] };

    private static TokenPrices Tokens(params (TokenKind Kind, decimal Price)[] prices) => new(prices.Select(p => KeyValuePair.Create(p.Kind, p.Price)));
}
