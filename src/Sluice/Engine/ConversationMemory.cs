using Sluice.Chat;
using Sluice.Configuration;
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

    /// <summary>Who made what providers keep, and where it is.</summary>
    public StateHomes Homes { get; } = new(new ConversationBounds(), time);

    /// <summary>Holds a call that names what is kept elsewhere to what its owner made, and lets it go to the provider that keeps it only.</summary>
    /// <returns>An error where something is another's, is unknown and may not pass as such, or is where the call's route has no target.</returns>
    public GatewayError? Pin(CallContext call)
    {
        if (call.Inbound.Format is not IServerStateFormat format) return null;
        foreach (var named in format.StateNamed(call.Members))
        {
            if (IsKept(call.Owner, named)) continue;
            if (Homes.Find(call.Owner, named.Id) is { } home)
            {
                if (home.Provider is not null && !named.IsCopy && PinTo(call, home.Provider, named) is { } elsewhere) return elsewhere;
            }
            else if (Homes.IsForeign(call.Owner, named.Id) || (!named.IsCopy && IsRefused(call, format)))
            {
                // One answer for what is another's and for what nobody knows: whether an id exists is not told either.
                return format.StateNotFound(named);
            }
        }
        return null;
    }

    private bool IsKept(string owner, StateReference named) => named.Kind switch
    {
        StateKind.Response => Responses.Find(owner, named.Id) is not null,
        StateKind.Item => Responses.HasItem(owner, named.Id),
        _ => false,
    };

    // Only a provider of the client's own format would be sent the id.
    private static bool IsRefused(CallContext call, IWireFormat format) =>
        call.Gateway.Config.Keys.UnknownState == UnknownStatePolicy.Refuse
        && call.Route!.Targets.Concat(call.Route.Canary?.Targets ?? []).Concat(call.Route.Shadow?.Targets ?? []).Any(t => t.Provider.Native(format.Id) is not null);

    private static GatewayError? PinTo(CallContext call, string provider, StateReference named)
    {
        if (call.Route!.Targets.Any(t => t.Provider.Name == provider))
        {
            call.Restrict(new TargetRestriction(t => t.Provider.Name == provider, $"the {Word(named.Kind)} is stored at provider '{provider}'"));
            return null;
        }
        // Other formats are told what they lose: a conversation, an item, a container.
        if (named.Kind != StateKind.Response) return null;
        return new GatewayError(ErrorKind.InvalidRequest, $"The {Word(named.Kind)} with id '{named.Id}' is stored at provider '{provider}', and '{call.Head.Model}' has no target there.")
        {
            Status = 400,
            Code = "previous_response_not_found",
            Type = "invalid_request_error",
            Param = named.Param,
        };
    }

    private static string Word(StateKind kind) => kind switch { StateKind.Response => "previous response", StateKind.Conversation => "conversation", StateKind.Container => "container", _ => "item" };

    /// <summary>The format in which an answer tells of things that the provider keeps, so that their owner must be known; <see langword="null"/> where it tells of none.</summary>
    public static IServerStateFormat? KeepsThere(Attempt attempt) =>
        attempt.Call.ShadowOf is null && attempt.Call.Inbound.Format is IServerStateFormat format && format.MakesState(attempt.Members) ? format : null;

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
        if (attempt.Call.ShadowOf is not null || attempt.Chat.Value is not { } request || !Responses.Remember(attempt.Call.Owner, request, attempt.Request.Body, response)) return;
        foreach (string id in ((IServerStateFormat)attempt.Call.Inbound.Format).StateMade(response, isLast: false)) Homes.Remember(id, new StateHome(attempt.Call.Owner, null, null));
    }

    /// <summary>Keeps a Responses turn that ended with these bytes of a stream.</summary>
    public void RememberStream(Attempt attempt, ReadOnlyMemory<byte> written)
    {
        if (ResponseStore.ResponseOfStream(written) is { } response) RememberResponse(attempt, response);
    }

    private ChatRequest Restore(CallContext call, TargetModel target, ChatRequest request) =>
        _signatures.Restore(request, call.Owner, target.Family is not "*" and var family ? family : null, target.UnsignedFamily);
}
