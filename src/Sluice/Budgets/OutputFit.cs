using Sluice.Client;
using Sluice.Engine;
using Sluice.Routing;
using Sluice.Transforms.Rules;
using Sluice.Wire;

namespace Sluice.Budgets;

/// <summary>
/// Fits a call into what a budget has left. A client that asks for no limit of its output would have to reserve all that the model can give, many times what
/// most answers take, and the last part of every budget could not be used. Such a call gets a limit that fits instead, so that the cap holds all the same.
/// </summary>
internal static class OutputFit
{
    /// <summary>An answer cut shorter than this is of no use.</summary>
    private const long Least = 64;

    /// <summary>Up to this much one call may take all that is left; beyond, half of it, so that others have room beside it.</summary>
    private const long Fair = 2048;

    /// <summary>The most output with which a call has room at each of its targets.</summary>
    public static long Fitting(CallBound bound, IEnumerable<TargetModel> targets, decimal room) => targets.Select(t => bound.OutputFor(t, room)).DefaultIfEmpty(0).Min();

    /// <summary>Writes a limit into the request that fits the room; false where the client has its own, or where too little is left.</summary>
    public static bool TryLimit(CallContext call, CallBound bound, IReadOnlyCollection<TargetModel> targets, decimal room)
    {
        if (call.AttemptCount > 0 || call.Inbound.Format.Operation != WireOperation.Chat || (!bound.Asked.MayBeLimited && call.OutputCap is null)) return false;
        long all = Fitting(bound, targets, room);
        long tokens = Math.Max(Math.Min(all, Fair), Fitting(bound, targets, room / 2));
        if (tokens < Least || tokens >= call.OutputCap) return false;
        var body = call.Members.Body;
        // A call from code has no bytes of a dialect.
        if (call.Inbound.Format is DirectFormat direct) direct.Limit(tokens);
        else body = ParameterEdit.Set(NameFor(call, targets), tokens, body, call.Inbound.Format.Id);
        if (JsonMembers.Scan(body, out _) is not { } members) return false;
        call.LimitOutput(tokens, call.Inbound.Request with { Body = body }, members);
        return call.Head.MaxTokens == tokens;
    }

    // As all targets take it, so that nothing has to be renamed and told as a change.
    private static string NameFor(CallContext call, IReadOnlyCollection<TargetModel> targets)
    {
        var format = call.Inbound.Format;
        var names = format.Parameters.Place(ParameterMap.OutputLimit).Names;
        return names.FirstOrDefault(n => targets.All(t => t.ParameterRules.ForBody(format.Id).NameOf(ParameterMap.OutputLimit, "1"u8, call.Members) == n), names[0]);
    }
}
