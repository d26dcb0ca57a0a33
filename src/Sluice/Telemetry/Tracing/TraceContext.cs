using System.Diagnostics;
using Sluice.Engine;

namespace Sluice.Telemetry.Tracing;

/// <summary>The W3C trace context in a client's headers and on a request to a provider. Baggage is neither read nor sent: it is none of a provider's business.</summary>
internal static class TraceContext
{
    private const string Parent = "traceparent";
    private const string State = "tracestate";
    private const int MaxState = 512;

    /// <summary>What the client sent; <see langword="default"/> where it sent nothing valid.</summary>
    public static ActivityContext Read(IClientHeaders headers)
    {
        if (headers.Get(Parent) is not { Length: >= 55 and <= 512 } parent) return default;
        string? state = headers.Get(State);
        return ActivityContext.TryParse(parent, state is { Length: > MaxState } ? null : state, isRemote: true, out var context) ? context : default;
    }

    /// <summary>The trace id that the client sent; <see langword="null"/> where it sent none.</summary>
    public static string? TraceId(IClientHeaders headers)
    {
        var context = Read(headers);
        return context == default ? null : context.TraceId.ToHexString();
    }

    /// <summary>Puts a span's context on a request.</summary>
    public static void Write(Activity activity, HttpRequestMessage message)
    {
        if (activity.Id is not { } id) return;
        message.Headers.Remove(Parent);
        message.Headers.TryAddWithoutValidation(Parent, id);
        message.Headers.Remove(State);
        if (activity.TraceStateString is { Length: > 0 } state) message.Headers.TryAddWithoutValidation(State, state);
    }
}
