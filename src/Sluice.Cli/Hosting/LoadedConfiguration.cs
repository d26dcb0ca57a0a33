using Sluice.Configuration;

namespace Sluice.Cli.Hosting;

/// <summary>A valid configuration, and what it takes to load it again.</summary>
/// <param name="Config">The configuration in use: without providers that were guessed at and do not answer.</param>
/// <param name="Result">What the load gave.</param>
/// <param name="Source">What was loaded.</param>
/// <param name="Environment">The variables it was loaded with.</param>
internal sealed record LoadedConfiguration(SluiceConfig Config, ConfigurationResult Result, ConfigurationSource Source, IEnvironment Environment);
