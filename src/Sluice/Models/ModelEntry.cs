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
public sealed record ProviderModels(string Provider, IReadOnlyList<string> Models, Errors.GatewayError? Error, TimeSpan Duration);
