using Sluice.Configuration;
using Sluice.Resilience.Limits;
using Sluice.Routing;

namespace Sluice.Engine;

/// <summary>
/// The rates of inner routes that one call has passed. It passes each once while it tries the targets behind it, however many they are, and leaves it
/// when it goes on to others. Thread-safe: a hedged call goes two ways.
/// </summary>
/// <param name="routes">Which target is behind which route.</param>
/// <param name="limits">The rates.</param>
/// <param name="tokens">What the call is thought to use.</param>
internal sealed class InnerPasses(InnerRoutes routes, RouteLimits limits, long tokens)
{
    private readonly Lock _gate = new();
    private readonly List<Pass> _passes = [];

    /// <summary>What the call is thought to use.</summary>
    public long Tokens => tokens;

    /// <summary>Passes the routes before a target, and leaves those that are not; or says which one holds the call.</summary>
    /// <param name="target">The target.</param>
    /// <param name="runner">The flow that goes there.</param>
    /// <param name="hasAnswered">True where a part of the answer came from behind the routes that are left.</param>
    public InnerHold? TryEnter(TargetModel target, int runner, bool hasAnswered)
    {
        lock (_gate)
        {
            var way = routes.To(target);
            Leave(runner, way, hasAnswered ? tokens : 0);
            foreach (var route in way)
            {
                if (_passes.Find(p => ReferenceEquals(p.Route, route)) is { } passed)
                {
                    passed.Runners |= Bit(runner);
                    continue;
                }
                var set = limits.Of(route);
                if (set.TryEnter(tokens) is { } refusal) return new InnerHold(route, set, refusal);
                _passes.Add(new Pass(route, set) { Runners = Bit(runner) });
            }
            return null;
        }
    }

    /// <summary>Keeps a pass that was queued for.</summary>
    public void Entered(InnerHold hold, int runner)
    {
        lock (_gate) _passes.Add(new Pass(hold.Route, hold.Limits) { Runners = Bit(runner) });
    }

    /// <summary>An attempt was sent: the call counts for the routes that it is in.</summary>
    public void Sent(int runner)
    {
        lock (_gate)
        {
            foreach (var pass in _passes) pass.HasSent |= (pass.Runners & Bit(runner)) != 0;
        }
    }

    /// <summary>The call is over.</summary>
    /// <param name="used">The tokens that it used.</param>
    public void End(long used)
    {
        lock (_gate)
        {
            foreach (var pass in _passes) pass.GiveBack(tokens, used);
            _passes.Clear();
        }
    }

    private void Leave(int runner, IReadOnlyList<RouteConfig> way, long used)
    {
        for (int i = _passes.Count - 1; i >= 0; i--)
        {
            var pass = _passes[i];
            if (way.Any(route => ReferenceEquals(route, pass.Route)) || (pass.Runners &= ~Bit(runner)) != 0) continue;
            pass.GiveBack(tokens, used);
            _passes.RemoveAt(i);
        }
    }

    private static int Bit(int runner) => 1 << runner;

    private sealed class Pass(RouteConfig route, LimitSet limits)
    {
        public RouteConfig Route => route;

        /// <summary>Which flows of the call are behind it, a bit each.</summary>
        public int Runners { get; set; }

        public bool HasSent { get; set; }

        // Who asked nobody behind a route has not used it.
        public void GiveBack(long reserved, long used)
        {
            if (HasSent) limits.Exit(reserved, used);
            else limits.Undo(reserved);
        }
    }
}

/// <summary>An inner route whose rates hold a call.</summary>
internal readonly record struct InnerHold(RouteConfig Route, LimitSet Limits, LimitRefusal Refusal);
