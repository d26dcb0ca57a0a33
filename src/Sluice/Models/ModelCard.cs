using Sluice.Catalog;
using Sluice.Routing;

namespace Sluice.Models;

/// <summary>What clients are told of a model that they may ask for. Of a route: what holds for all its targets.</summary>
internal sealed record ModelCard
{
    /// <summary>The name by which clients ask for it.</summary>
    public required string Id { get; init; }

    /// <summary>The provider's name, or <c>sluice</c> for a route.</summary>
    public required string Owner { get; init; }

    /// <summary>The vendor behind it, of a route behind its first target.</summary>
    public required string Vendor { get; init; }

    /// <summary>A name for people; <see langword="null"/> where none is known.</summary>
    public string? Name { get; init; }

    /// <summary>What it does, as the catalogue calls it; <see langword="null"/> where that is not known.</summary>
    public string? Kind { get; init; }

    /// <summary>Most tokens of the context window; <see langword="null"/> where not known.</summary>
    public long? Context { get; init; }

    /// <summary>Most tokens of input; <see langword="null"/> where not known.</summary>
    public long? MaxInput { get; init; }

    /// <summary>Most tokens of output; <see langword="null"/> where not known.</summary>
    public long? MaxOutput { get; init; }

    /// <summary>When it came out.</summary>
    public DateOnly? Released { get; init; }

    /// <summary>When it is shut down.</summary>
    public DateOnly? Retires { get; init; }

    /// <summary><c>active</c>, <c>deprecated</c> or <c>retired</c>.</summary>
    public string Lifecycle { get; init; } = "active";

    /// <summary>Whether it takes tools; what is not known counts as possible.</summary>
    public bool HasTools { get; init; } = true;

    /// <summary>Whether it is known to take pictures.</summary>
    public bool HasVision { get; init; }

    /// <summary>Whether it is known to reason.</summary>
    public bool HasReasoning { get; init; }

    /// <summary>True for a model that makes vectors.</summary>
    public bool IsEmbedding => Kind == "embedding";

    /// <summary>True for a model that answers in words, as far as is known.</summary>
    public bool IsChat => Kind is null or "chat" or "completion";

    /// <summary>The card of a model at a provider.</summary>
    /// <param name="gateway">The configuration in force.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="model">The model's name there.</param>
    /// <param name="limits">What the provider's own list says of it.</param>
    public static ModelCard Of(GatewayModel gateway, ProviderModel provider, string model, ListedLimits limits)
    {
        var card = new ModelCard { Id = $"{provider.Name}/{model}", Owner = provider.Name, Vendor = provider.Vendor.Id, Context = limits.Context, MaxOutput = limits.Output };
        if (gateway.Costs.Book.Model(provider.Config, provider.Config.Deployments.GetValueOrDefault(model, model)) is not { Id: not "*" } known) return card with { Kind = KindByName(model) };
        return card with
        {
            Name = known.Name,
            Kind = known.Kind,
            Context = limits.Context ?? known.ContextWindow ?? known.MaxInputTokens,
            MaxInput = limits.Context is { } said ? said : known.MaxInputTokens ?? known.ContextWindow,
            MaxOutput = limits.Output ?? known.MaxOutputTokens,
            Released = known.Released,
            Retires = known.Retires,
            Lifecycle = known.Status is "deprecated" or "retired" ? known.Status : "active",
            HasTools = Answers(known) && known.Can("tools") != false,
            HasVision = known.Can("vision") == true,
            HasReasoning = known.Can("reasoning") == true,
        };
    }

    /// <summary>The card of a route: the least of its targets.</summary>
    public static ModelCard Of(string name, IReadOnlyList<ModelCard> targets)
    {
        string[] kinds = [.. targets.Select(t => t.Kind ?? "").Distinct(StringComparer.Ordinal)];
        return new ModelCard
        {
            Id = name,
            Owner = "sluice",
            Vendor = targets.Count > 0 ? targets[0].Vendor : "sluice",
            Kind = kinds is [{ Length: > 0 } kind] ? kind : null,
            Context = targets.Min(t => t.Context),
            MaxInput = targets.Min(t => t.MaxInput),
            MaxOutput = targets.Min(t => t.MaxOutput),
            HasTools = targets.All(t => t.HasTools),
            HasVision = targets.Count > 0 && targets.All(t => t.HasVision),
            HasReasoning = targets.Count > 0 && targets.All(t => t.HasReasoning),
        };
    }

    private static bool Answers(CatalogModel known) => known.Kind is "chat" or "completion";

    // Only of models that no catalogue knows: self-hosted ones mostly say it in their name.
    private static string? KindByName(string model) => model.Contains("embed", StringComparison.OrdinalIgnoreCase) ? "embedding" : null;
}
