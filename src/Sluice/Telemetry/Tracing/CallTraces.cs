using System.Diagnostics;
using Sluice.Client;
using Sluice.Engine;

namespace Sluice.Telemetry.Tracing;

/// <summary>Makes spans of calls where somebody listens to the source <c>Sluice</c>.</summary>
internal sealed class CallTraces : IFollowsCalls
{
    private static readonly ActivitySource Source = new(TelemetryNames.Source);

    public static CallTraces Instance { get; } = new();

    public CallFollower? Follow(CallContext call)
    {
        if (!Source.HasListeners()) return null;
        // A span of the host's around us knows the client's context already.
        var parent = Activity.Current is null ? TraceContext.Read(call.Inbound.Headers) : default;
        // A call from code is no request that we serve, and a shadow's copy is nobody's.
        var kind = call.Inbound.Format is DirectFormat || call.ShadowOf is not null ? ActivityKind.Internal : ActivityKind.Server;
        string operation = GenAINames.Operation(call.Inbound.Format);
        var span = Source.StartActivity(operation, kind, parent);
        return span is null ? null : new CallSpans(Source, span, operation);
    }
}
