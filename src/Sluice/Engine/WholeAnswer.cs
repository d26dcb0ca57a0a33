using System.Buffers;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Hands an answer that came whole to the client.</summary>
internal static class WholeAnswer
{
    public static async ValueTask<AttemptResult> WriteAsync(CallContext call, PreparedRequest request, ReadOnlyMemory<byte> body, string? type, ICallSink sink, ConversationMemory memory, TimeProvider time)
    {
        if (request.Lane == Lane.Translated) return await TranslateAsync(call, request, body, sink, memory, time).ConfigureAwait(false);
        var tap = request.Format.CreateTap(stream: false);
        var signal = tap.Observe(StreamFrame.OfData(body));
        if (signal.HasFlag(AnswerSignal.Error)) return AttemptResult.Failed(tap.Error ?? new GatewayError(ErrorKind.Upstream, "the provider reported an error"));
        call.Usage = tap.Usage;
        call.AnsweredModel = tap.Model;
        call.OutputCharacters = tap.OutputCharacters;
        await SendAsync(call, sink, body, type ?? ContentTypes.Json, time).ConfigureAwait(false);
        return AttemptResult.Success;
    }

    private static async ValueTask<AttemptResult> TranslateAsync(CallContext call, PreparedRequest request, ReadOnlyMemory<byte> body, ICallSink sink, ConversationMemory memory, TimeProvider time)
    {
        using var output = new PooledBuffer(body.Length + 1024);
        if (request.IsSideTranslation)
        {
            if (SideOperations.Translate(call, request, body, output) is { } failure) return AttemptResult.Failed(failure);
        }
        else
        {
            var context = request.Translation!;
            var decoded = ((IChatClientFormat)request.Format).DecodeResponse(body, context);
            if (!decoded.IsSuccess) return AttemptResult.Failed(decoded.Error);
            if (ConversationMemory.WantsAnswer(context)) memory.RememberAnswer(call, decoded.Value);
            var client = (IChatServerFormat)call.Inbound.Format;
            if (call.Head.Stream)
            {
                using var gate = new CommitGate(call, sink, ContentTypes.Stream(client, call.Head.StreamStyle), time);
                var result = TranslatedStream.WriteWhole(call, decoded.Value, context, client, gate, memory);
                await call.SettleAsync().ConfigureAwait(false);
                await gate.FlushAsync(call.Inbound.Aborted).ConfigureAwait(false);
                return result;
            }
            call.Usage = decoded.Value.Usage;
            call.AnsweredModel = decoded.Value.Model;
            client.EncodeResponse(decoded.Value, context, output);
            if (ConversationMemory.Stores(call)) memory.RememberResponse(call, output.Written);
        }
        await SendAsync(call, sink, output.Written, ContentTypes.Json, time).ConfigureAwait(false);
        return AttemptResult.Success;
    }

    /// <summary>Sends a body that is complete.</summary>
    internal static async ValueTask SendAsync(CallContext call, ICallSink sink, ReadOnlyMemory<byte> body, string type, TimeProvider time)
    {
        call.FirstContentAt = time.GetTimestamp();
        await call.SettleAsync().ConfigureAwait(false);
        sink.Start(AnswerHeads.Of(call, type, body.Length, stream: false));
        sink.Body.Write(body.Span);
        await sink.FlushAsync(call.Inbound.Aborted).ConfigureAwait(false);
    }
}
