using System.Buffers;
using Sluice.Chat;
using Sluice.Engine.Buffers;
using Sluice.Engine.Continuing;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Parameters;
using Sluice.Routing;
using Sluice.Transforms;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Prepares a chat request for an upstream of another format: decode, apply the target's rules, encode.</summary>
internal sealed class TranslatedPreparer(ConversationMemory memory, IIdSource ids, TimeProvider time)
{
    public Preparation Prepare(Attempt attempt, IChatClientFormat format) =>
        Encode(attempt, format, isCount: false, format.EncodeRequest, format.RequestHeaders);

    public Preparation PrepareCount(Attempt attempt, ICountTokensClientFormat format) =>
        Encode(attempt, format, isCount: true, format.EncodeRequest, static (_, _) => []);

    private Preparation Encode(
        Attempt attempt,
        IWireFormat format,
        bool isCount,
        Func<ChatRequest, TranslationContext, IBufferWriter<byte>, GatewayError?> encode,
        Func<ChatRequest, TranslationContext, IReadOnlyList<KeyValuePair<string, string>>> headers)
    {
        var (call, target) = (attempt.Call, attempt.Target);
        var decoded = memory.Recall(attempt);
        if (!decoded.IsSuccess) return new Preparation(null, decoded.Error);
        var context = Context(attempt, format);
        var reworded = ForOthers(Kept(decoded.Value, call, format), call, context);
        if (reworded.Value is not { } kept) return new Preparation(null, reworded.Error);
        var request = isCount ? Worded(kept, target, context, format) : Fit(kept, target, context, format);
        if (attempt.Continues is { } broken) request = Prefills.With(request, broken);
        context.Request = request;
        var buffer = new PooledBuffer(attempt.Members.Body.Length + 512, call.Buffers);
        var error = encode(request, context, buffer) ?? Strict(call, target, context.Losses);
        if (error is not null)
        {
            buffer.Dispose();
            return new Preparation(null, error);
        }
        // The answer tells the client which response it continued, though the upstream was sent the whole conversation.
        if (attempt.Chat.Value?.PreviousResponseId is { } previous) context.Request = request with { PreviousResponseId = previous };
        buffer = Finish(buffer, target, format, call.Buffers);
        if (attempt.Continues is not null) buffer = Prefills.Mark(buffer, target.Provider.Vendor.Prefill!, call.Buffers);
        return new Preparation(
            new PreparedRequest
            {
                Lane = Lane.Translated,
                Format = format,
                Body = buffer.Written,
                Buffer = buffer,
                Translation = isCount ? null : context,
                IsCount = isCount,
                Losses = context.Losses,
                Headers = headers(request, context),
            },
            null);
    }

    // A Responses turn is kept here where the upstream has no such thing, so that nothing of the wish is lost.
    private static ChatRequest Kept(ChatRequest request, CallContext call, IWireFormat format) =>
        request.Store == true && ConversationMemory.Stores(call) && format.Id != WireFormatId.OpenAIResponses ? request with { Store = null } : request;

    /// <summary>
    /// The format in which a target is asked: its usual one, unless that cannot carry a tool of the request which another of its formats can, or refuses tools
    /// beside reasoning.
    /// </summary>
    public IChatClientFormat FormatFor(Attempt attempt, IChatClientFormat usual)
    {
        if (attempt.Target.Provider.RicherFormat is not { } richer || attempt.Chat.Value is not { Tools.Count: > 0 } request) return usual;
        var (few, many) = (Context(attempt, usual), Context(attempt, richer));
        bool isCarried = request.Tools.All(t => usual.Carries(t, few) || !richer.Carries(t, many));
        return isCarried && !attempt.Target.ParameterRules.RefusesToolsOf(request, usual.Id) ? usual : richer;
    }

    private TranslationContext Context(Attempt attempt, IWireFormat format) => new()
    {
        ClientFormat = attempt.Call.Inbound.Format.Id,
        UpstreamFormat = format.Id,
        UpstreamModel = attempt.Target.ModelIn(format.Id),
        Vendor = attempt.Target.Provider.Vendor.Id,
        StreamStyle = CallTransforms.ChangesAnswer(attempt) ? StreamStyle.Default : attempt.Call.Head.StreamStyle,
        Ids = ids,
        Time = time,
        StartTimestamp = attempt.Call.Started,
        ReasoningMember = attempt.Target.Provider.Config.Quirks.ReasoningBack,
        TakesCacheBreakpoints = attempt.Target.ParameterRules.TakesCacheBreakpoints(format.Id),
        MaxOutputTokens = attempt.Call.Gateway.Facts(attempt.Target).MaxOutput,
    };

    private static Outcome<ChatRequest> ForOthers(ChatRequest request, CallContext call, TranslationContext context)
    {
        if (call.Inbound.Format is not IChatServerFormat client || client.Id == context.UpstreamFormat) return request;
        var reworded = client.ForOthers(request, context);
        if (!ReferenceEquals(reworded.Value, request)) context.ClientRequest = request;
        return reworded;
    }

    // What the client wrote and the model does not take is reported; what only the configuration added is left out in silence.
    private static ChatRequest Fit(ChatRequest request, TargetModel target, TranslationContext context, IWireFormat format)
    {
        var fitting = target.ParameterRules.Apply(OutputLimit.Fit(request, context.MaxOutputTokens, context.Losses), context.Losses, format.Id);
        var completed = target.ChatRules.Apply(fitting);
        var silent = new LossReport();
        if (!ReferenceEquals(completed, fitting)) completed = target.ParameterRules.Apply(OutputLimit.Fit(completed, context.MaxOutputTokens, silent), silent, format.Id);
        return Worded(completed, target, context, format);
    }

    // As the vendor's servers take it. Who speaks its own format has said what it means.
    private static ChatRequest Worded(ChatRequest request, TargetModel target, TranslationContext context, IWireFormat format)
    {
        request = target.Provider.Quirks.Apply(request, context.Losses);
        if (context.ClientFormat == context.UpstreamFormat) return request;
        request = WithoutVainChoice(request, context, format);
        return target.Schemas?.Apply(request, context.Losses) ?? request;
    }

    // A choice without tools is refused by most, and says nothing.
    private static ChatRequest WithoutVainChoice(ChatRequest request, TranslationContext context, IWireFormat format)
    {
        if (request is { ToolChoice: null, ParallelToolCalls: null } || (format is IChatClientFormat chat && request.Tools.Any(t => chat.Carries(t, context)))) return request;
        if (request.ToolChoice is { Mode: not ("auto" or "none") }) context.Losses.Dropped("tool_choice", "no tool is offered");
        return request with { ToolChoice = null, ParallelToolCalls = null };
    }

    /// <summary>In strict mode a loss is an error that names each field.</summary>
    internal static GatewayError? Strict(CallContext call, TargetModel target, LossReport losses)
    {
        if (losses.IsEmpty || !IsStrict(call, target)) return null;
        string fields = LossText.WithReasons(losses.Losses);
        return new GatewayError(ErrorKind.InvalidRequest, $"strict mode: {target.Id} cannot be asked for this without a loss: {fields}") { Param = losses.Losses[0].Path };
    }

    private static bool IsStrict(CallContext call, TargetModel target) =>
        call.Inbound.Headers.Get("x-sluice-strict") is { } header ? header.Equals("true", StringComparison.OrdinalIgnoreCase) || header == "1" : target.Strict;

    /// <summary>Adds what the configuration and the vendor's endpoint want in a body. Takes over the buffer.</summary>
    internal static PooledBuffer Finish(PooledBuffer body, TargetModel target, IWireFormat format, BufferAccount? account)
    {
        var own = target.BodyOf(format.Id);
        if (target.BodyRules is { HasNoAdditions: true, HasOwnDefaults: false } && own is null) return body;
        var members = JsonMembers.Scan(body.Written, out _)!;
        var edits = new JsonEdits(members);
        own?.Apply(edits, target.QuotedModelIn(format.Id));
        target.BodyRules.ApplyOwn(edits, format);
        var edited = new PooledBuffer(body.Length + 512, account);
        edits.Apply(edited);
        body.Dispose();
        return edited;
    }
}
