using Sluice.Chat;
using Sluice.Conversations;
using Sluice.Errors;
using Sluice.Routing;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>What translated calls remember of each other: stored Responses turns, and signed reasoning that a client's dialect has no place for.</summary>
internal sealed class ConversationMemory(TimeProvider time)
{
    private readonly SignatureVault _signatures = new(new ConversationBounds(), time);

    /// <summary>The stored turns, for their own endpoints.</summary>
    public ResponseStore Responses { get; } = new(new ConversationBounds(), time);

    /// <summary>Who stored the turns that passed through.</summary>
    public ResponseHomes Homes { get; } = new(new ConversationBounds(), time);

    /// <summary>Lets a call that continues a turn which a provider stored go to that provider only.</summary>
    /// <returns>An error where the call's route has no target there.</returns>
    public GatewayError? Pin(CallContext call)
    {
        if (!Stores(call) || call.Members.GetString("previous_response_id"u8) is not { } previous) return null;
        if (Responses.Find(call.Owner, previous) is not null || Homes.Find(call.Owner, previous) is not { } home) return null;
        if (!call.Route!.Targets.Any(t => t.Provider.Name == home.Provider))
        {
            return new GatewayError(ErrorKind.InvalidRequest, $"Previous response with id '{previous}' is stored at provider '{home.Provider}', and '{call.Head.Model}' has no target there.")
            {
                Status = 400,
                Code = "previous_response_not_found",
                Type = "invalid_request_error",
                Param = "previous_response_id",
            };
        }
        call.Restrict(new TargetRestriction(t => t.Provider.Name == home.Provider, $"the previous response is stored at provider '{home.Provider}'"));
        return null;
    }

    /// <summary>True when a Responses answer of the upstream's own is stored there, so that its place must be known.</summary>
    public static bool IsStoredThere(Attempt attempt) => Stores(attempt.Call) && attempt.Call.ShadowOf is null && attempt.Members.GetBoolean("store"u8) != false;

    /// <summary>The request as the target needs it: with the conversation that it continues, and with the target's own reasoning put back.</summary>
    public Outcome<ChatRequest> Recall(Attempt attempt)
    {
        var (call, decoded) = (attempt.Call, attempt.Chat);
        if (!decoded.IsSuccess) return decoded;
        var expanded = Stores(call) ? Responses.Expand(decoded.Value, call.Owner) : decoded;
        return expanded.IsSuccess ? Restore(call, attempt.Target, expanded.Value) : expanded;
    }

    /// <summary>True when the request continues a turn that is kept here, so that no upstream knows it.</summary>
    public bool Continues(Attempt attempt) =>
        Stores(attempt.Call) && attempt.Members.GetString("previous_response_id"u8) is { } previous && Responses.Find(attempt.Call.Owner, previous) is not null;

    /// <summary>
    /// True when the provider wants reasoning back that a client of its own format may not know (<see cref="Providers.VendorDescriptor.ReasoningBack"/>): its
    /// answer must be read although it passes through.
    /// </summary>
    public static bool WantsPassedAnswer(CallContext call, TargetModel target) =>
        target.UnsignedFamily is not null && call.Inbound.Format.Operation == WireOperation.Chat && call.Members.TryGet("tools"u8, out _);

    /// <summary>True when a client of the provider's own format left out reasoning that is kept here, so that its request must be written anew.</summary>
    public bool Completes(Attempt attempt) =>
        WantsPassedAnswer(attempt.Call, attempt.Target) && attempt.Chat is { IsSuccess: true, Value: var request } && !ReferenceEquals(Restore(attempt.Call, attempt.Target, request), request);

    /// <summary>True when an answer to this call may hold signed reasoning that a later turn needs.</summary>
    public static bool WantsAnswer(TranslationContext context) => context.Request is { Tools.Count: > 0 };

    /// <summary>Keeps what the provider signed in an answer that calls tools.</summary>
    public void RememberAnswer(Attempt attempt, ChatResponse answer)
    {
        // No client has seen a shadow's answer, so none can come back to it.
        if (attempt.Call.ShadowOf is null) _signatures.Remember(answer, attempt.Call.Owner, attempt.Target.UnsignedFamily);
    }

    /// <summary>True when what the client gets must be kept as a stored response.</summary>
    public static bool Stores(CallContext call) => call.Inbound.Format.Id == WireFormatId.OpenAIResponses;

    /// <summary>Keeps a Responses turn that the client got whole.</summary>
    public void RememberResponse(Attempt attempt, ReadOnlyMemory<byte> response)
    {
        if (attempt.Call.ShadowOf is null && attempt.Chat.Value is { } request) Responses.Remember(attempt.Call.Owner, request, attempt.Request.Body, response);
    }

    /// <summary>Keeps a Responses turn that ended with these bytes of a stream.</summary>
    public void RememberStream(Attempt attempt, ReadOnlyMemory<byte> written)
    {
        if (ResponseStore.ResponseOfStream(written) is { } response) RememberResponse(attempt, response);
    }

    private ChatRequest Restore(CallContext call, TargetModel target, ChatRequest request) =>
        _signatures.Restore(request, call.Owner, target.Family is not "*" and var family ? family : null, target.UnsignedFamily);
}
