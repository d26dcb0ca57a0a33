using System.Buffers;
using Sluice.Engine.Buffers;
using Sluice.Engine.KeepAlive;
using Sluice.Errors;

namespace Sluice.Engine;

/// <summary>Writes the error of a call that no target has answered, in the client's format.</summary>
internal static class ErrorAnswer
{
    /// <summary>Writes it: with its status, or into the stream where pings have sent the head already.</summary>
    public static async ValueTask WriteAsync(CallContext call, GatewayError error, ICallSink sink, TimeProvider time)
    {
        if (call.Inbound.Aborted.IsCancellationRequested) return;
        if (sink is PingedSink { IsOpen: true }) call.Inbound.Format.EncodeStreamError(error, call.Head.StreamStyle, sink.Body);
        else Write(call, error, sink);
        try
        {
            await ClientFlush.WithinAsync(sink, call.Gateway.Config.Defaults.Timeouts.Total, time, call.Inbound.Aborted).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            call.Status = 499;
        }
    }

    private static void Write(CallContext call, GatewayError error, ICallSink sink)
    {
        using var body = new PooledBuffer();
        call.Inbound.Format.EncodeError(error, body);
        var head = new AnswerHead { Status = error.StatusOrDefault, ContentType = ContentTypes.Json, ContentLength = body.Length };
        AnswerHeads.Common(head, call);
        ErrorHeaders.Add(head, error, call.Inbound.Format);
        AnswerHeads.Passed(head, call);
        sink.Start(head);
        sink.Body.Write(body.Written.Span);
    }
}
