namespace Sluice.Pricing;

/// <summary>
/// A kind of token that may have a price of its own. Counts by kind are disjoint: what was read from a cache is not counted as
/// <see cref="Input"/> again, reasoning is not counted as <see cref="Output"/> again.
/// </summary>
public enum TokenKind
{
    /// <summary>Input that no other kind names.</summary>
    Input,

    /// <summary>Input read from a prompt cache.</summary>
    CacheRead,

    /// <summary>Input written to a prompt cache with the default lifetime (Anthropic: 5 minutes).</summary>
    CacheWrite,

    /// <summary>Input written to a prompt cache for an hour.</summary>
    CacheWrite1h,

    /// <summary>Sound in.</summary>
    InputAudio,

    /// <summary>Pictures in.</summary>
    InputImage,

    /// <summary>Video in.</summary>
    InputVideo,

    /// <summary>Sound in, read from a prompt cache.</summary>
    CacheReadAudio,

    /// <summary>Pictures in, read from a prompt cache.</summary>
    CacheReadImage,

    /// <summary>Output that no other kind names.</summary>
    Output,

    /// <summary>Reasoning.</summary>
    Reasoning,

    /// <summary>Citations (Perplexity).</summary>
    Citation,

    /// <summary>Sound out.</summary>
    OutputAudio,

    /// <summary>Pictures out.</summary>
    OutputImage,

    /// <summary>Video out.</summary>
    OutputVideo,
}

/// <summary>The names of token kinds in files and reports.</summary>
public static class TokenKinds
{
    private static readonly string[] Spelled =
    [
        "input", "cache_read", "cache_write", "cache_write_1h", "input_audio", "input_image", "input_video", "cache_read_audio",
        "cache_read_image", "output", "reasoning", "citation", "output_audio", "output_image", "output_video",
    ];

    /// <summary>All names, in the order of <see cref="TokenKind"/>.</summary>
    public static IReadOnlyList<string> Names => Spelled;

    /// <summary>The name of a kind, snake case.</summary>
    public static string Name(this TokenKind kind) => Spelled[(int)kind];

    /// <summary>The kind of a name; <see langword="null"/> for an unknown one.</summary>
    public static TokenKind? Parse(string name) => Array.IndexOf(Spelled, name) is >= 0 and var index ? (TokenKind)index : null;
}
