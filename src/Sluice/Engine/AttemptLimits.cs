using Sluice.Accounting;
using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Routing;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Holds attempts to the limits of their provider and their target.</summary>
internal static class AttemptLimits
{
    /// <summary>Reserves room for an attempt, or says which limit is reached.</summary>
    public static GatewayError? Enter(CallContext call, TargetModel target, out long tokens)
    {
        var (outer, inner) = (target.Provider.Config.Limits, Own(target));
        tokens = outer.Tpm is null && inner.Tpm is null ? 0 : Estimate(call);
        if (!outer.IsEmpty && target.Provider.State.Limiter.TryEnter(outer, tokens) is { } ofProvider)
        {
            return Reached(target, $"provider '{target.Provider.Name}' limits.{ofProvider.Name} = {ofProvider.Value}", ofProvider.Wait);
        }
        if (inner.IsEmpty || target.State.Limiter.TryEnter(inner, tokens) is not { } ofTarget) return null;
        if (!outer.IsEmpty) target.Provider.State.Limiter.Undo(outer, tokens);
        return Reached(target, $"target '{target.Id}' limits.{ofTarget.Name} = {ofTarget.Value}", ofTarget.Wait);
    }

    /// <summary>Ends an attempt that was let in; its tokens are corrected by what it used.</summary>
    public static void Exit(TargetModel target, long reserved, long used)
    {
        var (outer, inner) = (target.Provider.Config.Limits, Own(target));
        if (!outer.IsEmpty) target.Provider.State.Limiter.Exit(outer, reserved, used);
        if (!inner.IsEmpty) target.State.Limiter.Exit(inner, reserved, used);
    }

    private static LimitsConfig Own(TargetModel target) => target.Config?.Limits ?? LimitsConfig.None;

    private static long Estimate(CallContext call) =>
        call.Inbound.Format is IChatServerFormat && call.Chat is { IsSuccess: true } chat ? TokenEstimator.Estimate(chat.Value) + (chat.Value.MaxTokens ?? 0) : call.Inbound.Request.Body.Length / 4;

    private static GatewayError Reached(TargetModel target, string limit, TimeSpan wait) =>
        new(ErrorKind.RateLimited, $"{limit} is reached; try again in {Math.Ceiling(wait.TotalSeconds):0} s") { Provider = target.Provider.Name, Status = 429, Code = "rate_limit_exceeded", RetryAfter = wait };
}
