using Sluice.Chat;

namespace Sluice.Engine.Continuing;

/// <summary>Adds what two attempts used. What both leave open stays open.</summary>
internal static class UsageSum
{
    public static Usage Of(Usage a, Usage b) => new()
    {
        InputTokens = a.InputTokens + b.InputTokens ?? a.InputTokens ?? b.InputTokens,
        OutputTokens = a.OutputTokens + b.OutputTokens ?? a.OutputTokens ?? b.OutputTokens,
        TotalTokens = a.TotalOrSum + b.TotalOrSum,
        CacheReadTokens = Sum(a.CacheReadTokens, b.CacheReadTokens),
        CacheWriteTokens = Sum(a.CacheWriteTokens, b.CacheWriteTokens),
        CacheWrite1hTokens = Sum(a.CacheWrite1hTokens, b.CacheWrite1hTokens),
        ReasoningTokens = Sum(a.ReasoningTokens, b.ReasoningTokens),
        InputAudioTokens = Sum(a.InputAudioTokens, b.InputAudioTokens),
        InputImageTokens = Sum(a.InputImageTokens, b.InputImageTokens),
        InputVideoTokens = Sum(a.InputVideoTokens, b.InputVideoTokens),
        CacheReadAudioTokens = Sum(a.CacheReadAudioTokens, b.CacheReadAudioTokens),
        CacheReadImageTokens = Sum(a.CacheReadImageTokens, b.CacheReadImageTokens),
        OutputAudioTokens = Sum(a.OutputAudioTokens, b.OutputAudioTokens),
        OutputImageTokens = Sum(a.OutputImageTokens, b.OutputImageTokens),
    };

    private static long? Sum(long? a, long? b) => a is null && b is null ? null : (a ?? 0) + (b ?? 0);
}
