using System.Buffers;
using Sluice.Engine.Buffers;
using Sluice.Errors;
using Sluice.Formats.Shared;
using Sluice.Transforms;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Hands an answer that came whole to the client.</summary>
internal static class WholeAnswer
{
    public static async ValueTask<AttemptResult> WriteAsync(Attempt attempt, PreparedRequest request, IAnswerTap? tap, ReadOnlyMemory<byte> body, string? type, ConversationMemory memory, TimeProvider time)
    {
        if (tap is null) return await TranslateAsync(attempt, request, body, memory, time).ConfigureAwait(false);
        var signal = tap.Observe(StreamFrame.OfData(body));
        if (signal.HasFlag(AnswerSignal.Error)) return AttemptResult.Failed(tap.Error ?? new GatewayError(ErrorKind.Upstream, "the provider reported an error"));
        if (signal.HasFlag(AnswerSignal.Malformed)) return AttemptResult.Failed(AttemptRunner.Malformed(attempt.Target, "is not JSON"));
        if (request.Format.Operation == WireOperation.Chat && !signal.HasFlag(AnswerSignal.Content)) return AttemptResult.Failed(EmptyAnswer.Error with { Provider = attempt.Target.Provider.Name });
        attempt.Reader?.Whole(body, null);
        attempt.Usage = tap.Usage;
        attempt.AnsweredModel = tap.Model;
        attempt.OutputCharacters = AnswerLength.Of(attempt, request.Format, tap, body, time);
        using var reencoded = request.Format is IEmbeddingServerFormat embeddings ? Reencoded(attempt, embeddings, ref body) : null;
        if (CallTransforms.Answer(attempt, ref body) is { } spoiled) return AttemptResult.Failed(spoiled);
        await SendAsync(attempt, body, type ?? ContentTypes.Json, time).ConfigureAwait(false);
        return AttemptResult.Success;
    }

    private static PooledBuffer? Reencoded(Attempt attempt, IEmbeddingServerFormat format, ref ReadOnlyMemory<byte> body)
    {
        var buffer = new PooledBuffer(1024, attempt.Call.Buffers);
        if (format.Reencode(attempt.Members, body, buffer))
        {
            attempt.Lane = Lane.Spliced;
            body = buffer.Written;
            return buffer;
        }
        buffer.Dispose();
        return null;
    }

    private static async ValueTask<AttemptResult> TranslateAsync(Attempt attempt, PreparedRequest request, ReadOnlyMemory<byte> body, ConversationMemory memory, TimeProvider time)
    {
        var call = attempt.Call;
        using var output = new PooledBuffer(body.Length + 1024, call.Buffers);
        if (request.IsSideTranslation)
        {
            if (SideOperations.Translate(attempt, request, body, output) is { } failure) return AttemptResult.Failed(failure);
        }
        else
        {
            var context = request.Translation!;
            var decoded = ((IChatClientFormat)request.Format).DecodeResponse(body, context);
            if (!decoded.IsSuccess) return AttemptResult.Failed(decoded.Error);
            attempt.Reader?.Whole(body, decoded.Value);
            if (ConversationMemory.WantsAnswer(context)) memory.RememberAnswer(attempt, decoded.Value);
            var client = (IChatServerFormat)attempt.ClientFormat;
            if (call.Head.Stream)
            {
                await ClaimAsync(attempt).ConfigureAwait(false);
                using var gate = new CommitGate(attempt, ContentTypes.Stream(client, call.Head.StreamStyle), time);
                var result = TranslatedStream.WriteWhole(attempt, decoded.Value, context, client, gate, memory);
                await call.SettleAsync().ConfigureAwait(false);
                await gate.FlushLastAsync().ConfigureAwait(false);
                return result;
            }
            attempt.Usage = decoded.Value.Usage;
            attempt.AnsweredModel = decoded.Value.Model;
            attempt.OutputCharacters = AnswerLength.Of(decoded.Value);
            client.EncodeResponse(decoded.Value, context, output);
        }
        var answer = output.Written;
        if (CallTransforms.Answer(attempt, ref answer) is { } spoiled) return AttemptResult.Failed(spoiled);
        if (!request.IsSideTranslation && ConversationMemory.Stores(call)) memory.RememberResponse(attempt, answer);
        await SendAsync(attempt, answer, ContentTypes.Json, time).ConfigureAwait(false);
        return AttemptResult.Success;
    }

    /// <summary>Sends a body that is complete.</summary>
    internal static async ValueTask SendAsync(Attempt attempt, ReadOnlyMemory<byte> body, string type, TimeProvider time)
    {
        var call = attempt.Call;
        await ClaimAsync(attempt).ConfigureAwait(false);
        attempt.Commit(time);
        await call.SettleAsync().ConfigureAwait(false);
        attempt.Sink.Start(AnswerHeads.Of(call, type, body.Length, stream: false));
        attempt.Sink.Body.Write(body.Span);
        await ClientFlush.WithinAsync(attempt.Sink, attempt.Target.Timeouts.Total, time, attempt.Cancelled).ConfigureAwait(false);
    }

    // From here on the answer is written: no ping may come between.
    private static ValueTask ClaimAsync(Attempt attempt) => attempt.Sink is KeepAlive.PingedSink pings ? pings.ClaimAsync() : default;
}
