using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Routing;

namespace Sluice.Explaining;

/// <summary>Takes a request through the engine's own code up to the point where it would be sent. Keys, limits and budgets of clients are not asked.</summary>
internal sealed class CallExplainer(GatewayState state, TimeProvider time, Random random)
{
    private readonly TargetSelector _selector = new(random);
    private readonly TargetExplainer _targets = new(time, random);

    /// <summary>Explains a request.</summary>
    /// <param name="inbound">The request.</param>
    /// <param name="all">True to prepare it for every target, false for the first alone.</param>
    public CallExplanation Explain(InboundCall inbound, bool all)
    {
        var call = new CallContext(inbound, state.Current, time.GetTimestamp(), time.GetUtcNow());
        var refused = CallEngine.Read(call);
        var read = new CallExplanation { Format = inbound.Format.Id, Model = call.Head.Model, Error = refused };
        if (refused is not null || call.Route is not { } route) return read;
        var selection = _selector.Select(call);
        return read with
        {
            Route = route.Name,
            Strategy = route.Config is null ? null : Name(route.Strategy),
            Order = [.. selection.Targets.Select(t => t.Id)],
            PassedOver = call.PassedOver ?? [],
            Targets = [.. (all ? selection.Targets : selection.Targets.Take(1)).Select(t => _targets.Explain(call, t))],
            Error = selection.Error,
        };
    }

    private static string Name(RouteStrategy strategy) =>
        string.Concat(strategy.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
}
