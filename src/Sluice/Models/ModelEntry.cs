namespace Sluice.Models;

/// <summary>A model that a provider offers.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Id">The model's name there.</param>
public sealed record ModelEntry(string Provider, string Id);

/// <summary>The models of one provider, or why they are not known.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Models">The models in the provider's order; empty on failure.</param>
/// <param name="Error">Why the list could not be had; <see langword="null"/> on success.</param>
/// <param name="Duration">How long the provider took; zero for a list from the configuration.</param>
public sealed record ProviderModels(string Provider, IReadOnlyList<string> Models, Errors.GatewayError? Error, TimeSpan Duration)
{
    /// <summary>What the list says of models' limits, by their names; models of which it says nothing are not in it.</summary>
    public IReadOnlyDictionary<string, ListedLimits> Limits { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, ListedLimits>.Empty;
}

/// <summary>The limits of a model as its provider lists them.</summary>
/// <param name="Context">Most tokens of the context window; <see langword="null"/> where not said.</param>
/// <param name="Output">Most tokens of output; <see langword="null"/> where not said.</param>
public readonly record struct ListedLimits(long? Context, long? Output);
