using Sluice.Configuration;

namespace Sluice.Routing;

/// <summary>A line of a route: a model, or another route that chooses among its own by its own strategy.</summary>
/// <param name="Config">What the line says.</param>
/// <param name="Target">The model; <see langword="null"/> for a route.</param>
/// <param name="Route">The inner route; <see langword="null"/> for a model.</param>
internal sealed record RouteBranch(TargetConfig Config, TargetModel? Target, RouteModel? Route)
{
    /// <summary>What it is called in errors and by clients.</summary>
    public string Name => Target?.Id ?? Route!.Name;

    /// <summary>All its targets in the order written.</summary>
    public IReadOnlyList<TargetModel> Targets { get; } = Target is not null ? [Target] : Route!.Targets;

    /// <summary>Whether a call tries its targets as they are written.</summary>
    public bool IsPlain => Config.When is null && (Route is null || Route.IsPlain);
}
