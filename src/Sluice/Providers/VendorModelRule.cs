using Sluice.Catalog;
using Sluice.Wire;

namespace Sluice.Providers;

/// <summary>
/// Models of a vendor that are asked in another way than its others: an entry of <c>model_rules</c> in <c>vendors.json</c>. Of several that fit a model the
/// first counts. Immutable.
/// </summary>
public sealed record VendorModelRule
{
    /// <summary>The models, as patterns like those of the catalogue: <c>claude-*</c>, <c>*anthropic.*</c>.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Models that are left out although <see cref="Models"/> names them.</summary>
    public IReadOnlyList<string> Not { get; init; } = [];

    /// <summary>All formats that these models speak, with their paths; one that is missing here they do not speak, whatever the vendor's others do.</summary>
    public required IReadOnlyDictionary<WireFormatId, VendorPath> Formats { get; init; }

    /// <summary>The format that the provider's configuration must list (<c>formats:</c>) for the rule to hold; null where it always holds.</summary>
    public WireFormatId? OnlyWhereListed { get; init; }

    /// <summary>Whose signatures of reasoning these models make and accept; null for the vendor's.</summary>
    public string? Family { get; init; }

    /// <summary>The most inputs that one embedding request may hold; more are sent in several requests. Null for no known bound.</summary>
    public int? MaxInputs { get; init; }

    /// <summary>The values that a header may have there; null for any.</summary>
    public VendorHeaderValues? HeaderValues { get; init; }

    /// <summary>Whether the rule is for a model.</summary>
    /// <param name="model">The model's name at the provider.</param>
    public bool Covers(string model) => Models.Any(m => ModelPattern.Parse(m).Matches(model)) && !Not.Any(m => ModelPattern.Parse(m).Matches(model));
}
