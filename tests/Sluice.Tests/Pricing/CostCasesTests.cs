using System.Globalization;
using System.Text.Json;
using Sluice.Catalog;
using Sluice.Pricing;
using Sluice.TestKit;

namespace Sluice.Tests.Pricing;

/// <summary>The golden cases beside the checkout: amounts that another calculator worked out from the same figures.</summary>
public sealed class CostCasesTests
{
    private static string CasesFile => Path.Combine(RepositoryPaths.Shared, "catalogue", "cost-cases.json");

    public static IEnumerable<TheoryDataRow<string>> Cases() => !File.Exists(CasesFile)
        ? []
        : JsonDocument.Parse(File.ReadAllBytes(CasesFile)).RootElement.EnumerateArray().Select(c => new TheoryDataRow<string>(c.GetRawText()) { TestDisplayName = c.GetProperty("id").GetString() });

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Calculate_GoldenCase_IsExact(string text)
    {
        var json = JsonDocument.Parse(text).RootElement;
        string provider = json.GetProperty("provider").GetString()!;
        var read = UsageReader.Read(json.GetProperty("format").GetString()!, provider, json.GetProperty("usage")).ShouldNotBeNull();
        var model = ModelCatalog.Embedded.Find(provider, json.GetProperty("model").GetString()!);

        var cost = CostCalculator.Calculate(model?.Prices, WithCalls(read, json), Query(read, json));

        (model?.Id).ShouldBe(json.GetProperty("record").GetString());
        (cost.Usd is { } usd ? Money.Text(usd) : null).ShouldBe(json.GetProperty("expected_usd").GetString(), $"{cost.Unknown} {cost.ToJson()}");
        (cost.Usd is null).ShouldBe(cost.Unknown is not null);
        var normalized = json.GetProperty("normalized").EnumerateObject().ToDictionary(n => n.Name, n => n.Value.GetInt64());
        (read.Usage.InputTokens ?? 0).ShouldBe(normalized.GetValueOrDefault("input"));
        (read.Usage.OutputTokens ?? 0).ShouldBe(normalized.GetValueOrDefault("output"));
        (read.Usage.CacheReadTokens ?? 0).ShouldBe(normalized.GetValueOrDefault("cache_read"));
        (read.Usage.CacheWriteTokens ?? 0).ShouldBe(normalized.GetValueOrDefault("cache_write"));
        (read.Usage.ReasoningTokens ?? 0).ShouldBe(normalized.GetValueOrDefault("reasoning"));
    }

    private static Sluice.Chat.Usage WithCalls(RecordedUsage read, JsonElement json) => !json.TryGetProperty("tool_calls", out var calls)
        ? read.Usage
        : read.Usage with { ToolCalls = calls.EnumerateObject().ToDictionary(c => c.Name, c => c.Value.GetInt64()) };

    private static CostQuery Query(RecordedUsage read, JsonElement json) => new()
    {
        At = DateTimeOffset.Parse(json.GetProperty("at").GetString()!, CultureInfo.InvariantCulture),
        ServiceTier = json.TryGetProperty("service_tier", out var tier) ? tier.GetString() : read.ServiceTier,
        SearchContextSize = read.SearchContextSize,
        Modifiers = json.TryGetProperty("modifiers", out var modifiers) ? modifiers.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetString()!) : read.Modifiers,
    };
}
