using Sluice.Chat;

namespace Sluice.Engine;

/// <summary>The tokens of an attempt, for limits: estimated before, corrected after.</summary>
internal static class AttemptTokens
{
    /// <summary>What a call is thought to use: its input by estimate and the most that it lets the answer have.</summary>
    public static long Estimate(CallContext call) => call.Demand.Tokens + (call.Head.MaxTokens ?? 0);

    /// <summary>What an attempt used. A break in mid-stream has used what nobody reports: the estimate stands. One that never answered used nothing.</summary>
    public static long Used(Usage? reported, AttemptResult result, long reserved)
    {
        if (result.Error is not null && !result.IsCommitted) return 0;
        if (reported is not { } usage) return reserved;
        return usage.TotalTokens ?? (usage.InputTokens is { } input && usage.OutputTokens is { } output ? input + output : reserved);
    }
}
