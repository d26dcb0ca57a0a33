using Sluice.Configuration;

namespace Sluice.Routing;

/// <summary>Where calls for one name go.</summary>
/// <param name="Name">The route's name, or the model id.</param>
/// <param name="IsNamed">True for a route of the configuration, false for a model named directly.</param>
/// <param name="Targets">The targets in order of preference.</param>
/// <param name="Timeouts">The timeouts of the call; <see cref="TimeoutsConfig.Total"/> bounds all attempts.</param>
/// <param name="Config">The route's configuration; <see langword="null"/> for a model named directly.</param>
public sealed record RouteModel(string Name, bool IsNamed, IReadOnlyList<TargetModel> Targets, TimeoutsConfig Timeouts, RouteConfig? Config);
