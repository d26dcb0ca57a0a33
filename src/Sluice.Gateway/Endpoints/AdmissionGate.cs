using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Resilience.Limits;
using Sluice.Routing;

namespace Sluice.Gateway.Endpoints;

/// <summary>
/// Bounds the calls that are in the gateway at once (<c>server.max_concurrent</c>), so that under overload it answers what it can and refuses the rest,
/// before their bodies are read. A few more wait in order (<c>server.max_queue</c>).
/// </summary>
internal sealed class AdmissionGate(GatewayState state, TimeProvider time)
{
    /// <summary>A client that has waited so long is better told to come back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly RateLimiter _limiter = new(time);
    private volatile Bounds? _bounds;

    /// <summary>Calls that wait to be let in.</summary>
    public int Waiting => _limiter.Waiting;

    /// <summary>Lets a call in, or says why not. A call that was let in must be given to <see cref="Exit"/>.</summary>
    public ValueTask<GatewayError?> EnterAsync(CancellationToken cancellationToken)
    {
        var limits = Limits();
        return limits.TryEnter(0) is null ? ValueTask.FromResult<GatewayError?>(null) : WaitAsync(limits, cancellationToken);
    }

    /// <summary>Ends a call.</summary>
    public void Exit() => Limits().Exit(0, 0);

    private async ValueTask<GatewayError?> WaitAsync(LimitSet limits, CancellationToken cancellationToken)
    {
        if (await limits.EnterAsync(0, Patience, cancellationToken) is not { } refusal) return null;
        var server = state.Current.Config.Server;
        return new GatewayError(ErrorKind.Overloaded, $"the gateway is busy: {server.MaxConcurrent} calls are under way (server.max_concurrent){refusal.Queue?.Replace("limits.queue", "server.max_queue", StringComparison.Ordinal)}; try again in a moment")
        {
            Status = 503,
            Code = "gateway_overloaded",
            RetryAfter = refusal.Wait,
        };
    }

    private LimitSet Limits()
    {
        var server = state.Current.Config.Server;
        if (_bounds is { } known && ReferenceEquals(known.Server, server)) return known.Limits;
        var limits = new LimitsConfig { Concurrency = server.MaxConcurrent, Queue = server.MaxQueue };
        _bounds = new Bounds(server, LimitSet.Of(new LimitScope("server", limits, _limiter)));
        return _bounds.Limits;
    }

    private sealed record Bounds(ServerConfig Server, LimitSet Limits);
}
