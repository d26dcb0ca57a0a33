using Sluice.Errors;
using Sluice.Formats.Shared;
using Sluice.Resilience.Keys;
using Sluice.Routing;
using Sluice.Upstream;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Makes one attempt: prepare, send, read the answer, hand it to the client. The one place that sends to upstreams.</summary>
internal sealed class AttemptRunner(TranslatedPreparer translated, ConversationMemory memory, TimeProvider time)
{
    /// <summary>Largest whole answer that is taken, 64 MiB: images and sounds come inline.</summary>
    private const int MaxAnswer = 64 * 1024 * 1024;
    private const int MaxErrorBody = 256 * 1024;

    public async ValueTask<AttemptResult> RunAsync(CallContext call, TargetModel target, ProviderKey? key, TimeSpan left, ICallSink sink)
    {
        call.Target = target;
        call.UpstreamHeaders = null;
        call.AttemptCount++;
        if (LocalCount.Serves(call, target)) return await LocalCount.AnswerAsync(call, sink, time).ConfigureAwait(false);
        var preparation = Prepare(call, target);
        if (preparation.Request is not { } request) return Record(call, target, key, time.GetTimestamp(), 0, AttemptResult.Failed(preparation.Error!));
        using (request)
        {
            call.Lane = request.Lane;
            call.Losses = request.Losses;
            var timeouts = target.Timeouts;
            using var timer = new AttemptTimer(time, timeouts.FirstToken, timeouts.Idle, timeouts.Total < left ? timeouts.Total : left, call.Inbound.Aborted);
            long began = time.GetTimestamp();
            target.State.Began();
            call.AttemptBegan = began;
            int status = 0;
            AttemptResult result;
            try
            {
                using var message = UpstreamMessage.Create(call, target, key, request);
                if (await target.Provider.Authenticator.SignAsync(message, time, timer.Token).ConfigureAwait(false) is { } unauthenticated)
                {
                    result = AttemptResult.Failed(unauthenticated);
                }
                else
                {
                    using var answer = await target.Provider.Client.SendAsync(message, timer.Token).ConfigureAwait(false);
                    status = (int)answer.StatusCode;
                    call.UpstreamHeaders = answer.Headers;
                    target.Provider.Keys.Observe(key, target, answer.Headers, time);
                    result = await AnswerAsync(call, target, request, answer, timer, sink).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                result = new AttemptResult(UpstreamFailures.Describe(e, target.Provider.Name, timer, timeouts), sink.HasStarted);
            }
            finally
            {
                target.State.Ended();
                if (call.FirstContentAt is { } first) target.State.Latency.Saw(SizeClass.Of(call), time.GetElapsedTime(began, first));
            }
            return Record(call, target, key, began, status, result);
        }
    }

    private Preparation Prepare(CallContext call, TargetModel target)
    {
        var inbound = call.Inbound.Format;
        if (target.Provider.Native(inbound.Id) is { } native)
        {
            // A signature that another family made must not reach this one, and a turn that only we keep is not known there: such a body is
            // read and written anew.
            return native is IChatClientFormat same && (SignatureEnvelope.IsIn(call.Members.Body.Span) || memory.Continues(call)) ? translated.Prepare(call, target, same) : SameFormatPreparer.Prepare(call, target, native);
        }
        return inbound.Operation switch
        {
            WireOperation.Chat when target.Provider.ChatFormat is { } chat => translated.Prepare(call, target, chat),
            WireOperation.Embeddings when target.Provider.EmbeddingFormat is { } embeddings => SideOperations.PrepareEmbeddings(call, target, embeddings),
            WireOperation.CountTokens when target.Provider.CountFormat is { } count => translated.PrepareCount(call, target, count),
            _ => new Preparation(null, new GatewayError(ErrorKind.InvalidRequest, $"provider '{target.Provider.Name}' has no {Operation(inbound.Operation)}") { Provider = target.Provider.Name, Status = 404 }),
        };
    }

    private async ValueTask<AttemptResult> AnswerAsync(CallContext call, TargetModel target, PreparedRequest request, HttpResponseMessage answer, AttemptTimer timer, ICallSink sink)
    {
        int status = (int)answer.StatusCode;
        var body = await answer.Content.ReadAsStreamAsync(timer.Token).ConfigureAwait(false);
        await using var _ = body.ConfigureAwait(false);
        if (status is < 200 or > 299) return AttemptResult.Failed(await UpstreamErrors.ReadAsync(status, answer, body, request.Format, target.Provider, MaxErrorBody, time, timer).ConfigureAwait(false));
        string? type = answer.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types) ? types.ToString() : null;
        if (call.Head.Stream && IsStream(type, request.Format.Framing))
        {
            return await StreamAsync(call, request, type!, body, timer, sink).ConfigureAwait(false);
        }
        using var whole = new PooledBuffer(Length(answer));
        if (!await ReadWholeAsync(body, whole, timer).ConfigureAwait(false)) return AttemptResult.Failed(Malformed(target, $"is larger than {MaxAnswer / (1024 * 1024)} MiB"));
        if (!LooksLikeJson(whole.Written.Span)) return AttemptResult.Failed(Malformed(target, $"is not JSON (content type {Quote(type)})"));
        return await WholeAnswer.WriteAsync(call, request, whole.Written, type, sink, memory, time).ConfigureAwait(false);
    }

    private async ValueTask<AttemptResult> StreamAsync(CallContext call, PreparedRequest request, string type, Stream body, AttemptTimer timer, ICallSink sink)
    {
        int maxFrame = (int)Math.Min(call.Gateway.Config.Server.MaxStreamLine, int.MaxValue / 2);
        string contentType = request.Translation is null && call.Head.StreamStyle == StreamStyle.Default ? type : ContentTypes.Stream(call.Inbound.Format, call.Head.StreamStyle);
        using var gate = new CommitGate(call, sink, contentType, time);
        return request.Translation is { } context
            ? await TranslatedStream.RelayAsync(call, context, (IChatClientFormat)request.Format, (IChatServerFormat)call.Inbound.Format, maxFrame, body, timer, gate, memory).ConfigureAwait(false)
            : await SameFormatStream.RelayAsync(call, request.Format, request.HidesUsage, maxFrame, body, timer, gate).ConfigureAwait(false);
    }

    private AttemptResult Record(CallContext call, TargetModel target, ProviderKey? key, long began, int status, AttemptResult result)
    {
        call.AttemptBegan = null;
        call.Attempts.Add(new AttemptRecord
        {
            Provider = target.Provider.Name,
            Model = target.Model,
            Lane = call.Lane ?? Lane.Verbatim,
            KeyName = key?.Name,
            UpstreamStatus = status,
            Error = result.Error,
            Duration = time.GetElapsedTime(began),
            FirstContent = call.FirstContentAt is { } first && result.IsCommitted ? time.GetElapsedTime(began, first) : null,
        });
        return result;
    }

    private static async ValueTask<bool> ReadWholeAsync(Stream body, PooledBuffer target, AttemptTimer timer)
    {
        while (true)
        {
            int count = await body.ReadAsync(target.GetMemory(4096), timer.Token).ConfigureAwait(false);
            if (count == 0) return true;
            timer.Progress();
            target.Advance(count);
            if (target.Length > MaxAnswer) return false;
        }
    }

    private static int Length(HttpResponseMessage answer) => (int)Math.Clamp(answer.Content.Headers.ContentLength + 256 ?? 4096, 1024, MaxAnswer);

    private static bool IsStream(string? type, StreamFraming framing) => type is not null && framing switch
    {
        StreamFraming.ServerSentEvents => type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase),
        StreamFraming.NdJson => type.Contains("ndjson", StringComparison.OrdinalIgnoreCase) || type.Contains("jsonl", StringComparison.OrdinalIgnoreCase) || type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase),
        _ => type.StartsWith("application/vnd.amazon.eventstream", StringComparison.OrdinalIgnoreCase),
    };

    private static bool LooksLikeJson(ReadOnlySpan<byte> body)
    {
        var trimmed = body.Trim(" \t\r\n"u8);
        return trimmed.Length > 1 && (trimmed[0], trimmed[^1]) is ((byte)'{', (byte)'}') or ((byte)'[', (byte)']');
    }

    private static GatewayError Malformed(TargetModel target, string what) =>
        new(ErrorKind.MalformedAnswer, $"the answer of provider '{target.Provider.Name}' {what}") { Provider = target.Provider.Name };

    private static string Quote(string? type) => type is null ? "missing" : $"'{type.Split(';')[0]}'";

    private static string Operation(WireOperation operation) => operation switch { WireOperation.Embeddings => "embeddings", WireOperation.CountTokens => "token counting", _ => "chat" };
}
