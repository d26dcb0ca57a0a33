using Sluice.Engine.Buffers;
using Sluice.Engine.Continuing;
using Sluice.Errors;
using Sluice.Formats.Shared;
using Sluice.Resilience.Keys;
using Sluice.Routing;
using Sluice.Transforms;
using Sluice.Upstream;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Makes one attempt: prepare, send, read the answer, hand it to the client. The one place that sends to upstreams.</summary>
internal sealed class AttemptRunner(TranslatedPreparer translated, ConversationMemory memory, EngineStop stop, TimeProvider time)
{
    /// <summary>Largest whole answer that is taken, 64 MiB: images and sounds come inline.</summary>
    private const int MaxAnswer = 64 * 1024 * 1024;
    internal const int MaxErrorBody = 256 * 1024;

    public async ValueTask<AttemptResult> RunAsync(Attempt attempt, ProviderKey? key, TimeSpan left)
    {
        var (call, target) = (attempt.Call, attempt.Target);
        attempt.KeyName = key?.Name;
        call.Begin(attempt);
        if (target.Transforms is { } transforms && CallTransforms.Request(attempt, transforms) is { } spoiled) return Record(attempt, key, 0, AttemptResult.Failed(spoiled));
        if (LocalCount.Serves(call, target)) return await LocalCount.AnswerAsync(attempt, time).ConfigureAwait(false);
        attempt.Follower = call.Follower?.Begin(attempt);
        var preparation = Prepared(attempt);
        if (preparation.Request is not { } request) return Record(attempt, key, 0, AttemptResult.Failed(preparation.Error!));
        using (request)
        {
            attempt.Lane = request.Lane;
            attempt.Losses = CallTransforms.Losses(attempt, request.Losses);
            var timeouts = target.Timeouts;
            using var timer = new AttemptTimer(time, timeouts.FirstToken, timeouts.Idle, timeouts.Total < left ? timeouts.Total : left, attempt.Cancelled, stop.Token);
            long began = time.GetTimestamp();
            attempt.Began = began;
            target.State.Began();
            int status = 0;
            AttemptResult result;
            try
            {
                if (request.Rest.Count > 0)
                {
                    attempt.IsSplit = true;
                    (status, result) = await SplitEmbeddings.RunAsync(attempt, key, request, timer).ConfigureAwait(false);
                    return Record(attempt, key, status, result);
                }
                using var message = UpstreamMessage.Create(attempt, key, request);
                if (await target.Provider.Authenticator.SignAsync(message, time, timer.Token).ConfigureAwait(false) is { } unauthenticated)
                {
                    result = AttemptResult.Failed(unauthenticated);
                }
                else
                {
                    attempt.Follower?.Sending(request, message);
                    using var answer = await target.Provider.Client.SendAsync(message, timer.Token).ConfigureAwait(false);
                    status = (int)answer.StatusCode;
                    attempt.UpstreamHeaders = answer.Headers;
                    attempt.Follower?.Answered(answer);
                    target.Provider.Keys.Observe(key, target, answer.Headers, time);
                    result = Told(await AnswerAsync(attempt, request, answer, timer).ConfigureAwait(false), status);
                }
            }
            catch (BuffersFullException e)
            {
                result = new AttemptResult(e.Error, attempt.IsCommitted);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                result = attempt.HasLost ? AttemptResult.Failed(LostRace(target)) : new AttemptResult(UpstreamFailures.Describe(e, target.Provider.Name, timer, timeouts), attempt.IsCommitted);
            }
            finally
            {
                target.State.Ended();
                if (attempt.FirstContentAt is { } first) target.State.Latency.Saw(SizeClass.Of(call), time.GetElapsedTime(began, first));
                else if (attempt.HasLost) target.State.Latency.SawNothingFor(SizeClass.Of(call), time.GetElapsedTime(began));
            }
            return Record(attempt, key, status, result);
        }
    }

    private Preparation Prepared(Attempt attempt)
    {
        try
        {
            return Prepare(attempt);
        }
        catch (BuffersFullException e)
        {
            return new Preparation(null, e.Error);
        }
    }

    /// <summary>What an attempt would send, or why it cannot.</summary>
    internal Preparation Prepare(Attempt attempt)
    {
        var (target, inbound) = (attempt.Target, attempt.Call.Inbound.Format);
        if (attempt.Call.Doubts is { } doubts && TranslatedPreparer.Strict(attempt.Call, target, doubts) is { } refusal) return new Preparation(null, refusal);
        if (attempt.Continues is not null) return translated.Prepare(attempt, target.ChatFormat!);
        if (target.Formats.Native(inbound.Id) is { } native)
        {
            // A signature that another family made must not reach this one, a turn that only we keep is not known there, and reasoning that the
            // client left out may be wanted: such a body is read and written anew.
            return native switch
            {
                IChatClientFormat same when SignatureEnvelope.IsIn(attempt.Members.Body.Span) || memory.Continues(attempt) || memory.Completes(attempt) || Continuations.Concern(attempt.Call) => translated.Prepare(attempt, same),
                IChatClientFormat when target.Provider.RicherFormat is { } richer && richer.Id != inbound.Id && target.ParameterRules.ForBody(inbound.Id).RefusesToolsOf(attempt.Members) => translated.Prepare(attempt, richer),
                ICountTokensClientFormat same when SignatureEnvelope.IsIn(attempt.Members.Body.Span) => translated.PrepareCount(attempt, same),
                _ => SameFormatPreparer.Prepare(attempt, native),
            };
        }
        return inbound.Operation switch
        {
            WireOperation.Chat when target.ChatFormat is { } chat => translated.Prepare(attempt, translated.FormatFor(attempt, chat)),
            WireOperation.Embeddings when target.Formats.Embeddings is { } embeddings => SideOperations.PrepareEmbeddings(attempt, embeddings),
            WireOperation.CountTokens when target.Formats.Count is { } count => translated.PrepareCount(attempt, count),
            _ => new Preparation(null, Lacking(target, Operation(inbound.Operation))),
        };
    }

    private async ValueTask<AttemptResult> AnswerAsync(Attempt attempt, PreparedRequest request, HttpResponseMessage answer, AttemptTimer timer)
    {
        var (call, target) = (attempt.Call, attempt.Target);
        int status = (int)answer.StatusCode;
        var body = await answer.Content.ReadAsStreamAsync(timer.Token).ConfigureAwait(false);
        await using var _ = body.ConfigureAwait(false);
        if (status is < 200 or > 299) return AttemptResult.Failed(await UpstreamErrors.ReadAsync(status, answer, body, request.Format, target.Provider, MaxErrorBody, time, timer).ConfigureAwait(false));
        string? type = answer.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types) ? types.ToString() : null;
        if (call.Head.Stream && IsStream(type, request.Format.Framing))
        {
            return await StreamAsync(attempt, request, type!, body, timer).ConfigureAwait(false);
        }
        if (attempt.Continues is not null) return AttemptResult.Failed(Malformed(target, "is no stream to go on with"));
        using var whole = new PooledBuffer(Length(answer), call.Buffers);
        if (await ReadWholeAsync(target, body, whole, type, timer).ConfigureAwait(false) is { } malformed) return AttemptResult.Failed(malformed);
        var told = target.Provider.Border.Back(whole.Written);
        return await WholeAnswer.WriteAsync(attempt, request, request.Lane == Lane.Translated ? null : Tap(attempt, request, stream: false), told, type, memory, time).ConfigureAwait(false);
    }

    private async ValueTask<AttemptResult> StreamAsync(Attempt attempt, PreparedRequest request, string type, Stream body, AttemptTimer timer)
    {
        var call = attempt.Call;
        int maxFrame = (int)Math.Min(call.Gateway.Config.Server.MaxStreamLine, int.MaxValue / 2);
        string contentType = request.Translation is null && call.Head.StreamStyle == StreamStyle.Default ? type : ContentTypes.Stream(attempt.ClientFormat, call.Head.StreamStyle);
        if (attempt.Continues is { } broken) return await TranslatedStream.RelayAsync(attempt, request.Translation!, (IChatClientFormat)request.Format, broken.Output, maxFrame, body, timer, broken.Gate, time).ConfigureAwait(false);
        using var gate = new CommitGate(attempt, contentType, time);
        if (request.Translation is { } context)
        {
            var output = new StreamOutput(attempt, ((IChatServerFormat)attempt.ClientFormat).CreateStreamEncoder(context), gate, memory, ConversationMemory.WantsAnswer(context));
            return await TranslatedStream.RelayAsync(attempt, context, (IChatClientFormat)request.Format, output, maxFrame, body, timer, gate, time).ConfigureAwait(false);
        }
        return await SameFormatStream.RelayAsync(attempt, request.Format, Tap(attempt, request, stream: true), request.HidesUsage, maxFrame, body, timer, gate).ConfigureAwait(false);
    }

    private IAnswerTap Tap(Attempt attempt, PreparedRequest request, bool stream)
    {
        var tap = request.Format.CreateTap(stream);
        if (request.Format is IChatClientFormat chat && ConversationMemory.WantsPassedAnswer(attempt.Call, attempt.Target)) tap = new KeepingTap(tap, chat, attempt, memory, time, stream);
        if (attempt.Call.Inbound.Format is IServerStateFormat format && format.RunsOn(attempt.Members)) tap = new BackgroundTap(tap, format, attempt, stream);
        return ConversationMemory.KeepsThere(attempt) is { } keeping ? new HomeTap(tap, keeping, attempt, memory) : tap;
    }

    private AttemptResult Record(Attempt attempt, ProviderKey? key, int status, AttemptResult result)
    {
        attempt.IsRecorded = true;
        if (result.Error is { } error) result = result with { Error = attempt.Call.Masked(error) };
        if (attempt is { HasLost: true, Began: not null }) attempt.Usage = LostUsage.Of(attempt);
        bool partly = attempt.IsSplit && result is { Error: not null, IsCommitted: false };
        bool aside = (attempt.HasLost || partly) && attempt.Usage is not null;
        var record = new AttemptRecord
        {
            Role = attempt.Role,
            IsAside = aside,
            Usage = aside ? attempt.Usage : null,
            IsEstimated = aside,
            CostUsd = aside ? attempt.Call.Gateway.Costs.Of(attempt) : null,
            Provider = attempt.Target.Provider.Name,
            Model = attempt.Target.Model,
            ProviderName = attempt.Target.Provider.GenAIName,
            ModelLabel = attempt.Call.Gateway.LabelOf(attempt.Target),
            Lane = attempt.Lane ?? Lane.Verbatim,
            KeyName = key?.Name,
            UpstreamStatus = status,
            Error = result.Error,
            Duration = attempt.Began is { } began ? time.GetElapsedTime(began) : TimeSpan.Zero,
            FirstContent = attempt is { Began: { } sent, FirstContentAt: { } first } && result.IsCommitted ? time.GetElapsedTime(sent, first) : null,
        };
        // What parts of it used is on the record now, and not the call's answer.
        if (partly) attempt.Usage = null;
        attempt.Record = record;
        attempt.Call.Add(record);
        attempt.Follower?.Ended(record);
        return result;
    }

    /// <summary>Reads a whole answer; what is wrong with it, or null.</summary>
    internal static async ValueTask<GatewayError?> ReadWholeAsync(TargetModel target, Stream body, PooledBuffer whole, string? type, AttemptTimer timer)
    {
        while (true)
        {
            int count = await body.ReadAsync(whole.GetMemory(4096), timer.Token).ConfigureAwait(false);
            if (count == 0) break;
            timer.Progress();
            whole.Advance(count);
            if (whole.Length > MaxAnswer) return Malformed(target, $"is larger than {MaxAnswer / (1024 * 1024)} MiB");
        }
        return LooksLikeJson(whole.Written.Span) ? null : Malformed(target, $"is not JSON (content type {Quote(type)})");
    }

    internal static int Length(HttpResponseMessage answer) => (int)Math.Clamp(answer.Content.Headers.ContentLength + 256 ?? 4096, 1024, MaxAnswer);

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

    private static GatewayError Lacking(TargetModel target, string operation) => target.Formats.Rule is null
        ? new(ErrorKind.InvalidRequest, $"provider '{target.Provider.Name}' has no {operation}") { Provider = target.Provider.Name, Status = 404 }
        : new(ErrorKind.InvalidRequest, $"model '{target.Model}' of provider '{target.Provider.Name}' has no {operation} that can be asked for here") { Provider = target.Provider.Name, Param = "model" };

    // A provider that says "200" and then tells of a failure did not answer: that is no fault of the gateway's own, as a 500 would say.
    private static AttemptResult Told(AttemptResult result, int status) =>
        status is >= 200 and <= 299 && result.Error is { StatusOrDefault: 500 } error && error.Kind == ErrorKind.Upstream ? result with { Error = error with { Status = 502 } } : result;

    private static GatewayError LostRace(TargetModel target) =>
        new(ErrorKind.Canceled, "another target answered first") { Provider = target.Provider.Name, Code = "hedge_lost" };

    internal static GatewayError Malformed(TargetModel target, string what) =>
        new(ErrorKind.MalformedAnswer, $"the answer of provider '{target.Provider.Name}' {what}") { Provider = target.Provider.Name };

    private static string Quote(string? type) => type is null ? "missing" : $"'{type.Split(';')[0]}'";

    private static string Operation(WireOperation operation) => operation switch { WireOperation.Embeddings => "embeddings", WireOperation.CountTokens => "token counting", _ => "chat" };
}
