using Sluice.Catalog;
using Sluice.Chat;
using Sluice.Engine;
using Sluice.Routing;

namespace Sluice.Pricing;

/// <summary>What calls cost, by the catalogue of one configuration. The catalogue is read at the first call that needs a price.</summary>
internal sealed class CallCosts(IReadOnlyList<string> catalogueFiles)
{
    private readonly Lazy<CallPricer> _pricer = new(() => new CallPricer(new PriceBook(ModelCatalog.Embedded.With(catalogueFiles, out _))));

    /// <summary>Where prices and facts of models come from.</summary>
    public PriceBook Book => _pricer.Value.Prices;

    /// <summary>The cost of what a call has used so far, in USD; <see langword="null"/> where it is unknown. Unknown is never zero.</summary>
    public decimal? Of(CallContext call) => call.Current is not { } answering ? null : call.HasSideCosts ? Of(answering) + call.SideCost : Of(answering);

    /// <summary>The cost of what one attempt has used so far, in USD; <see langword="null"/> where it is unknown.</summary>
    public decimal? Of(Attempt attempt)
    {
        var target = attempt.Target;
        if (attempt.Usage is not { } usage || !HasPrice(target)) return null;
        return Price(attempt, usage).Usd;
    }

    /// <summary>What an attempt costs that used this, and how that comes about.</summary>
    public Cost Priced(Attempt attempt, Usage usage) => HasPrice(attempt.Target)
        ? Price(attempt, usage)
        : Cost.NotKnown("the model has no known price") with { ServiceTier = usage.ServiceTier, ToolCalls = usage.ToolCalls };

    /// <summary>What a call cost whose answer its provider has told of later.</summary>
    public Cost Priced(TargetModel target, DateTimeOffset at, string? answeredModel, Usage usage) => HasPrice(target)
        ? _pricer.Value.Price(target.Provider.Config, target.Model, usage, new PricedCall(at) { AnsweredModel = answeredModel, TargetPrice = target.Config?.Price }) with { ServiceTier = usage.ServiceTier, ToolCalls = usage.ToolCalls }
        : Cost.NotKnown("the model has no known price") with { ServiceTier = usage.ServiceTier, ToolCalls = usage.ToolCalls };

    // Asked for by the answer's head, the ledger and the log: worked out once.
    private Cost Price(Attempt attempt, Usage usage)
    {
        if (attempt.Priced is { } known && ReferenceEquals(known.Usage, usage) && known.AnsweredModel == attempt.AnsweredModel) return known.Cost;
        var cost = Calculate(attempt, usage);
        attempt.Priced = new PricedUsage(usage, attempt.AnsweredModel, cost);
        return cost;
    }

    private Cost Calculate(Attempt attempt, Usage usage) =>
        _pricer.Value.Price(attempt.Target.Provider.Config, attempt.Target.Model, usage, new PricedCall(attempt.Call.StartedAt) { AnsweredModel = attempt.AnsweredModel, TargetPrice = attempt.Target.Config?.Price });

    // Found out once a target: most self-hosted models have no price, and their calls should not look for one each time. Where the catalogue knows
    // the vendor, the answer may name a model that the request does not: Azure is sent the name of a deployment.
    private bool HasPrice(TargetModel target) => target.HasPrice ??= target.Provider.Config.Price is not null || target.Config?.Price is not null
        || Book.Catalog.HasModels(target.Provider.Config.Type);
}

/// <summary>What an attempt's usage costs.</summary>
internal sealed record PricedUsage(Usage Usage, string? AnsweredModel, Cost Cost);
