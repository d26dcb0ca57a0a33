using Sluice.Chat;

namespace Sluice.Pricing;

/// <summary>Tokens by kind, each token counted once.</summary>
internal readonly struct TokenCounts
{
    private readonly long[] _counts;

    private TokenCounts(long[] counts, long totalInput)
    {
        _counts = counts;
        TotalInput = totalInput;
    }

    /// <summary>All input, by which long prompts are told.</summary>
    public long TotalInput { get; }

    public long this[TokenKind kind] => _counts[(int)kind];

    /// <summary>Undoes the nesting of a usage report.</summary>
    public static TokenCounts Of(Usage usage)
    {
        long[] counts = new long[TokenKinds.Names.Count];
        ref long At(TokenKind kind) => ref counts[(int)kind];

        long input = usage.InputTokens ?? 0;
        long cached = usage.CacheReadTokens ?? 0;
        At(TokenKind.CacheReadAudio) = Math.Min(usage.CacheReadAudioTokens ?? 0, cached);
        At(TokenKind.CacheReadImage) = Math.Min(usage.CacheReadImageTokens ?? 0, cached - At(TokenKind.CacheReadAudio));
        At(TokenKind.CacheRead) = cached - At(TokenKind.CacheReadAudio) - At(TokenKind.CacheReadImage);
        At(TokenKind.CacheWrite) = usage.CacheWriteTokens ?? 0;
        At(TokenKind.CacheWrite1h) = usage.CacheWrite1hTokens ?? 0;
        At(TokenKind.InputAudio) = Math.Max(0, (usage.InputAudioTokens ?? 0) - At(TokenKind.CacheReadAudio));
        At(TokenKind.InputImage) = Math.Max(0, (usage.InputImageTokens ?? 0) - At(TokenKind.CacheReadImage));
        At(TokenKind.InputVideo) = usage.InputVideoTokens ?? 0;
        long rest = input - cached;
        foreach (var kind in (ReadOnlySpan<TokenKind>)[TokenKind.CacheWrite, TokenKind.CacheWrite1h, TokenKind.InputAudio, TokenKind.InputImage, TokenKind.InputVideo])
        {
            rest -= At(kind);
        }
        // Less than nothing left: some pictures, video or sound came from the cache and the report does not say which.
        foreach (var kind in (ReadOnlySpan<TokenKind>)[TokenKind.InputImage, TokenKind.InputVideo, TokenKind.InputAudio])
        {
            if (rest >= 0) break;
            long both = Math.Min(At(kind), -rest);
            At(kind) -= both;
            rest += both;
        }
        At(TokenKind.Input) = Math.Max(0, rest);

        At(TokenKind.Reasoning) = usage.ReasoningTokens ?? 0;
        At(TokenKind.Citation) = usage.CitationTokens ?? 0;
        At(TokenKind.OutputAudio) = usage.OutputAudioTokens ?? 0;
        At(TokenKind.OutputImage) = usage.OutputImageTokens ?? 0;
        long named = At(TokenKind.Reasoning) + At(TokenKind.Citation) + At(TokenKind.OutputAudio) + At(TokenKind.OutputImage);
        At(TokenKind.Output) = Math.Max(0, (usage.OutputTokens ?? 0) - named);
        return new TokenCounts(counts, input);
    }
}
