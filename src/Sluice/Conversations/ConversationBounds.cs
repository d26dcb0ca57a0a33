namespace Sluice.Conversations;

/// <summary>How much of past turns is kept in memory.</summary>
public sealed record ConversationBounds
{
    /// <summary>Most entries. Default 10 000.</summary>
    public int MaxCount { get; init; } = 10_000;

    /// <summary>Most bytes of content. Default 256 MiB.</summary>
    public long MaxBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>How long an entry is kept after its last use. Default one day.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(1);
}
