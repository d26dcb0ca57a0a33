using Sluice.Errors;

namespace Sluice.Engine;

/// <summary>Ends the calls that are still under way when the host must stop: with an error in their own format, not by breaking off.</summary>
#pragma warning disable CA1001 // a source without a timer holds nothing to release, and calls may ask it after the engine is gone
internal sealed class EngineStop
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _source = new();

    /// <summary>What such a call is told.</summary>
    public static GatewayError Error { get; } = new(ErrorKind.Overloaded, "the gateway is being stopped; try again") { Status = 503, Code = "gateway_stopping", RetryAfter = TimeSpan.FromSeconds(1), StopsCall = true };

    public CancellationToken Token => _source.Token;

    public void Ask() => _source.Cancel();
}
