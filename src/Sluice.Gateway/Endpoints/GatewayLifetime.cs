namespace Sluice.Gateway.Endpoints;

/// <summary>Whether the gateway takes calls. Ready turns false when a stop is asked for; streams that are open go on.</summary>
internal sealed class GatewayLifetime
{
    private volatile bool _ready = true;

    public bool IsReady => _ready;

    public void Stop() => _ready = false;
}
