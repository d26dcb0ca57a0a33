using Sluice.Configuration;

namespace Sluice.Gateway.Admin;

/// <summary>Where the configuration in force came from, and how it is loaded again; for the administration API.</summary>
/// <param name="Current">What the last valid load gave.</param>
/// <param name="Reload">Loads again now; <see langword="null"/> where it cannot be.</param>
public sealed record ConfigurationAccess(Func<ConfigurationResult> Current, Func<ConfigurationResult>? Reload);
