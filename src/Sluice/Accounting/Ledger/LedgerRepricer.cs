using System.Text.Json;
using Sluice.Catalog;
using Sluice.Chat;
using Sluice.Configuration;
using Sluice.Pricing;
using Sluice.Providers;
using Sluice.Storage;
using Sluice.Wire;

namespace Sluice.Accounting.Ledger;

/// <summary>Prices ledger entries again, by the catalogue and the prices of a configuration.</summary>
public sealed class LedgerRepricer(SluiceConfig config)
{
    private readonly CallPricer _pricer = new(new PriceBook(ModelCatalog.Embedded.With(config.Catalog.Files, out _)));

    /// <summary>The entry's new cost; <see langword="null"/> where it stays as it is or cannot be told: its provider is no longer configured, or several providers share its cost.</summary>
    public Repricing? Reprice(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Provider is null || entry.Model is null || entry.InputTokens is null || HasSideCosts(entry) || !config.Providers.TryGetValue(entry.Provider, out var provider)) return null;
        var call = new PricedCall(entry.StartedAt) { AnsweredModel = entry.AnsweredModel, TargetPrice = TargetPrice(entry) };
        var cost = _pricer.Price(provider, entry.Model, WithBeside(Usage(entry, provider), entry.Price), call);
        return cost.Usd == entry.CostUsd ? null : new Repricing(entry.Id, cost.Usd, cost.ToJson());
    }

    // Of a hedged or continued call only the sum is kept.
    private static bool HasSideCosts(LedgerEntry entry)
    {
        using var attempts = JsonDocument.Parse(entry.Attempts);
        return attempts.RootElement.EnumerateArray().Any(a => a.TryGetProperty("aside", out _));
    }

    private PriceConfig? TargetPrice(LedgerEntry entry) =>
        entry.Route is { } name && config.Routes.TryGetValue(name, out var route) ? route.Targets.FirstOrDefault(t => t.Provider == entry.Provider && t.ModelName is { } model && Wildcard.Matches(model, entry.Model))?.Price : null;

    // The class of service and calls of hosted tools stand beside the usage object in many answers; they were kept with the price.
    private static Usage WithBeside(Usage usage, string? price)
    {
        if (price is null) return usage;
        using var document = JsonDocument.Parse(price);
        var kept = document.RootElement;
        if (kept.TryGetProperty("service_tier", out var tier)) usage = usage with { ServiceTier = tier.GetString() };
        if (!kept.TryGetProperty("tool_calls", out var calls)) return usage;
        return usage with { ToolCalls = calls.EnumerateObject().ToDictionary(c => c.Name, c => c.Value.GetInt64(), StringComparer.Ordinal) };
    }

    private static Usage Usage(LedgerEntry entry, ProviderConfig provider)
    {
        var counted = new Usage
        {
            InputTokens = entry.InputTokens,
            OutputTokens = entry.OutputTokens,
            CacheReadTokens = entry.CacheReadTokens,
            CacheWriteTokens = entry.CacheWriteTokens,
            ReasoningTokens = entry.ReasoningTokens,
        };
        if (entry.RawUsage is not { } raw || entry.RawUsageFormat is not { } format) return counted;
        using var document = JsonDocument.Parse(raw);
        var read = UsageReader.Read(format, Vendors.Find(provider.Type)?.Id ?? provider.Type, document.RootElement)?.Usage ?? counted;
        // What was estimated stays so: the provider's object tells less than the call used.
        return (entry.Estimated ? read with { InputTokens = entry.InputTokens, OutputTokens = entry.OutputTokens } : read) with { Raw = RawJson.From(document.RootElement), RawFormat = new WireFormatId(format) };
    }
}
