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
                yield return new CatalogDifference(name, null, null, Prices(model, at).FirstOrDefault().Value is null ? "without a price" : "new");
                continue;
            }
            foreach (var difference in Facts(model).Concat(Prices(model, at)).Join(Facts(known).Concat(Prices(known, at)), a => a.Key, b => b.Key, (a, b) => (a.Key, Before: b.Value, After: a.Value)))
            {
                if (difference.After is not null && difference.Before != difference.After) yield return new CatalogDifference(name, difference.Key, difference.Before, difference.After);
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> Facts(CatalogModel model) =>
    [
        new("context", model.ContextWindow?.ToString()),
        new("max_output", model.MaxOutputTokens?.ToString()),
        new("retires", model.Retires?.ToString("yyyy-MM-dd")),
    ];

    private static IEnumerable<KeyValuePair<string, string?>> Prices(CatalogModel model, DateTimeOffset at)
    {
        var tokens = model.Prices.At(at)?.Tokens;
        return TokenKinds.Names.Select((name, index) => new KeyValuePair<string, string?>($"prices.{name}", tokens?.Own((TokenKind)index) is { } price ? Money.Text(price) : null));
    }
}
