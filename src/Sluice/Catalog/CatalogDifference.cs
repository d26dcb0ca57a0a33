using Sluice.Pricing;

namespace Sluice.Catalog;

/// <summary>What differs between two catalogues.</summary>
/// <param name="Model"><c>provider/id</c>.</param>
/// <param name="Member">What differs: <c>context</c>, <c>prices.input</c> ...; null where the whole model is new.</param>
/// <param name="Before">The value before; null for none.</param>
/// <param name="After">The value after; null for none.</param>
public sealed record CatalogDifference(string Model, string? Member, string? Before, string? After)
{
    /// <summary>Compares records with what another catalogue says of the same ids.</summary>
    /// <param name="after">The records.</param>
    /// <param name="before">The catalogue they are compared with.</param>
    /// <param name="at">The time whose prices are compared.</param>
    public static IEnumerable<CatalogDifference> Between(IEnumerable<CatalogModel> after, ModelCatalog before, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(before);
        foreach (var model in after)
        {
            string name = $"{model.Provider}/{model.Id}";
            var known = before.Find(model.Provider, model.Id);
            if (known is null)
            {
                yield return new CatalogDifference(name, null, null, model.Prices.At(at) is null ? "without a price" : "new");
                continue;
            }
            var old = Said(known, at).ToDictionary();
            foreach (var (member, value) in Said(model, at))
            {
                string? was = old.GetValueOrDefault(member);
                if (value is not null && was != value) yield return new CatalogDifference(name, member, was, value);
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> Said(CatalogModel model, DateTimeOffset at) => Facts(model).Concat(Prices(model, at));

    private static IEnumerable<KeyValuePair<string, string?>> Facts(CatalogModel model) =>
    [
        new("context", model.ContextWindow?.ToString()),
        new("max_output", model.MaxOutputTokens?.ToString()),
        new("retires", model.Retires?.ToString("yyyy-MM-dd")),
    ];

    private static IEnumerable<KeyValuePair<string, string?>> Prices(CatalogModel model, DateTimeOffset at)
    {
        if (model.Prices.At(at) is not { } period) yield break;
        foreach (var price in Tokens("prices", period.Tokens)) yield return price;
        foreach (var price in period.Long.SelectMany(s => Tokens($"prices.from_{s.FromInput}", s.Tokens))) yield return price;
        foreach (var price in period.Hours.SelectMany(h => Tokens($"prices.{h.From:HH\\:mm}_utc", h.Tokens))) yield return price;
        foreach (var (tool, fee) in period.Calls)
        {
            if (fee.Flat is { } flat) yield return new(fee.IsOncePerPrompt ? $"calls.{tool}.once" : $"calls.{tool}", Money.Text(flat));
            foreach (var (size, amount) in fee.BySize) yield return new($"calls.{tool}.{size}", Money.Text(amount));
        }
        foreach (var (unit, amount) in period.Units) yield return new($"units.{unit}", Money.Text(amount));
        foreach (var (tier, price) in model.Prices.Tiers)
        {
            if (price.Tokens is null) yield return new($"tiers.{tier}", $"x{Money.Text(price.Factor)}");
            foreach (var own in Tokens($"tiers.{tier}", price.Tokens ?? TokenPrices.None)) yield return own;
        }
        foreach (var (name, factor) in model.Prices.Factors) yield return new($"factors.{name}", Money.Text(factor));
    }

    private static IEnumerable<KeyValuePair<string, string?>> Tokens(string path, TokenPrices prices) => prices.Listed().Select(p => new KeyValuePair<string, string?>($"{path}.{p.Key.Name()}", Money.Text(p.Value)));
}
