using Sluice.Access;
using Sluice.Errors;
using Sluice.Telemetry;
using Sluice.Telemetry.Tracing;

namespace Sluice.Engine;

/// <summary>Tells of calls that are refused before the engine has them: a bad key, a body that is too large, a gateway that is full. They too have their line and are counted.</summary>
/// <param name="observers">Told of every call.</param>
/// <param name="time">The clock.</param>
internal sealed class RefusedCalls(IReadOnlyList<ICallObserver> observers, TimeProvider time)
{
    /// <summary>Time stamp of a start.</summary>
    public long Now => time.GetTimestamp();

    /// <summary>Tells of a call.</summary>
    /// <param name="inbound">What is known of it; the body is not.</param>
    /// <param name="error">Why it is refused.</param>
    /// <param name="started">Time stamp of its start.</param>
    public void Tell(InboundCall inbound, GatewayError error, long started)
    {
        var duration = time.GetElapsedTime(started);
        var record = new CallRecord
        {
            RequestId = inbound.RequestId,
            Format = inbound.Format.Id,
            Operation = GenAINames.Operation(inbound.Format),
            StartedAt = time.GetUtcNow() - duration,
            Duration = duration,
            Status = error.Kind == ErrorKind.Canceled ? 499 : error.StatusOrDefault,
            KeyId = inbound.Caller?.KeyId,
            KeyName = inbound.Caller?.Name,
            Error = error,
            Credentials = ClientCredentials.Of(inbound),
            TraceId = TraceContext.TraceId(inbound.Headers),
        };
        foreach (var observer in observers) observer.Completed(record);
    }
}
