using Sluice.Configuration;

namespace Sluice.Routing;

/// <summary>Where calls for one name go.</summary>
/// <param name="Name">The route's name, or the model id.</param>
/// <param name="IsNamed">True for a route of the configuration, false for a model named directly.</param>
/// <param name="Targets">All targets, those of inner routes included, in the order written.</param>
/// <param name="Timeouts">The timeouts of the call; <see cref="TimeoutsConfig.Total"/> bounds all attempts.</param>
/// <param name="Config">The route's configuration; <see langword="null"/> for a model named directly.</param>
public sealed record RouteModel(string Name, bool IsNamed, IReadOnlyList<TargetModel> Targets, TimeoutsConfig Timeouts, RouteConfig? Config)
{
    private TargetBounds? _bounds;

    /// <summary>True for a model that no provider was heard to have: the catalogue says whose it is.</summary>
    internal bool IsByCatalogue { get; init; }

    /// <summary>Its lines: models and inner routes. Empty for a model named directly.</summary>
    internal IReadOnlyList<RouteBranch> Branches { get; init; } = [];

    /// <summary>The target that serves a part of the calls; <see langword="null"/> for none.</summary>
    internal RouteBranch? Canary { get; init; }

    /// <summary>The target that gets copies of calls; <see langword="null"/> for none.</summary>
    internal RouteBranch? Shadow { get; init; }

    /// <summary>The inner routes with rates of their own; <see langword="null"/> for none.</summary>
    internal InnerRoutes? Inner { get; init; }

    /// <summary>True where the client has put the targets in order itself.</summary>
    internal bool IsClientOrder { get; init; }

    /// <summary>True where every call tries the targets in the order written and none has a condition.</summary>
    internal bool IsPlain { get; init; }

    /// <summary>The strategy that holds for this call.</summary>
    internal RouteStrategy Strategy => IsClientOrder || Config is null ? RouteStrategy.Fallback : Config.Strategy;

    /// <summary>The least that any target can do, so that most calls need not be looked into.</summary>
    internal TargetBounds Bounds(GatewayModel gateway) => _bounds ??= TargetBounds.Of(Targets.Concat(Canary?.Targets ?? []), gateway);
}
