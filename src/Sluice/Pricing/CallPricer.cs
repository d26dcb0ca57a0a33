using Sluice.Chat;
using Sluice.Configuration;
using Sluice.Providers;

namespace Sluice.Pricing;

/// <summary>Prices calls as they are settled: finds the prices that hold, reads what else the provider's usage object tells, and calculates.</summary>
public sealed class CallPricer(PriceBook book)
{
    /// <summary>Where its prices come from.</summary>
    public PriceBook Prices { get; } = book;

    /// <summary>What a call cost.</summary>
    /// <param name="provider">The provider as configured.</param>
    /// <param name="model">The model as it was sent.</param>
    /// <param name="usage">What was used, as the codec read it; null where the provider reported nothing.</param>
    /// <param name="call">When, and what else the price depends on.</param>
    public Cost Price(ProviderConfig provider, string model, Usage? usage, PricedCall call)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(call);
        if (usage is null) return Cost.NotKnown("the provider reported no usage");
        return Calculate(provider, model, usage, call) with { ServiceTier = usage.ServiceTier, ToolCalls = usage.ToolCalls };
    }

    private Cost Calculate(ProviderConfig provider, string model, Usage usage, PricedCall call)
    {
        string vendor = Vendors.Find(provider.Type)?.Id ?? provider.Type;
        var read = Reread(usage, vendor);
        var query = new CostQuery
        {
            At = call.At,
            ServiceTier = usage.ServiceTier ?? read?.ServiceTier,
            SearchContextSize = read?.SearchContextSize,
            Modifiers = read?.Modifiers ?? Empty<string>.Map,
        };
        // One wire format, several ways to count: what is beside the totals at this vendor only its own reading knows.
        var counted = vendor == "perplexity" && read is { Usage: { InputTokens: not null, OutputTokens: not null } } ? read.Usage : Billed(usage);
        var cost = CostCalculator.Calculate(Prices.For(provider, model, call.AnsweredModel, call.TargetPrice), counted, query);
        bool ownPrice = call.TargetPrice is not null || provider.Price is not null;
        return usage.ProviderCost is { } told && !ownPrice && (vendor == "openrouter" || cost.Usd is null) && !PaysElsewhere(usage)
            ? cost with { Usd = told, Unknown = null, Basis = "as the provider told", Origin = provider.Name }
            : cost;
    }

    // Cohere bills other tokens than it counts, and the cached ones among the counted say nothing of the billed.
    private static Usage Billed(Usage usage) => usage is { BilledInputTokens: null, BilledOutputTokens: null }
        ? usage
        : usage with { InputTokens = usage.BilledInputTokens, OutputTokens = usage.BilledOutputTokens, CacheReadTokens = null };

    private static RecordedUsage? Reread(Usage usage, string vendor) =>
        usage is { RawFormat: { } format, Raw.IsAbsent: false } ? UsageReader.Read(format.Value, vendor, usage.Raw.ToElement()) : null;

    // OpenRouter with a key of one's own tells only its own fee.
    private static bool PaysElsewhere(Usage usage) =>
        !usage.Raw.IsAbsent && usage.Raw.ToElement().Below("is_byok") is { ValueKind: System.Text.Json.JsonValueKind.True };
}

/// <summary>What the price of a call depends on besides provider, model and usage.</summary>
/// <param name="At">When it was made.</param>
public sealed record PricedCall(DateTimeOffset At)
{
    /// <summary>The model as the answer names it; null where it does not.</summary>
    public string? AnsweredModel { get; init; }

    /// <summary>The price written at the target; null for none.</summary>
    public PriceConfig? TargetPrice { get; init; }
}
