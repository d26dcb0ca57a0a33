using Sluice.Catalog;
using Sluice.Pricing;

namespace Sluice.Routing;

/// <summary>What the catalogue says of a target. What it does not say counts as possible.</summary>
internal sealed record TargetFacts
{
    /// <summary>A model that nothing is known of.</summary>
    public static TargetFacts Unknown { get; } = new();

    /// <summary>Most tokens of input and output together.</summary>
    public long? Context { get; init; }

    /// <summary>Most tokens of input.</summary>
    public long? MaxInput { get; init; }

    /// <summary>Most tokens of output.</summary>
    public long? MaxOutput { get; init; }

    /// <summary>What it certainly cannot take or do.</summary>
    public Needs Lacks { get; init; }

    /// <summary>Its prices; <see langword="null"/> where nobody knows any.</summary>
    public PriceList? Prices { get; init; }

    public static TargetFacts Of(TargetModel target, PriceBook book)
    {
        var prices = book.For(target.Provider.Config, target.Model, null, target.Config?.Price);
        return book.Model(target.Provider.Config, target.Model) is not { } known
            ? Unknown with { Prices = prices }
            : new TargetFacts { Context = known.ContextWindow, MaxInput = known.MaxInputTokens, MaxOutput = known.MaxOutputTokens, Lacks = Lacking(known), Prices = prices };
    }

    private static Needs Lacking(CatalogModel known)
    {
        var lacks = Needs.None;
        foreach (var need in NeedNames.All)
        {
            if (known.Can(need.Name()) == false) lacks |= need;
        }
        return lacks;
    }
}
