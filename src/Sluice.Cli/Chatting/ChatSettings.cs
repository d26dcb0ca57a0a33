using Sluice.Chat;

namespace Sluice.Cli.Chatting;

/// <summary>What the command line says about every question of a session.</summary>
internal sealed record ChatSettings
{
    public required string Model { get; init; }

    public string? System { get; init; }

    public double? Temperature { get; init; }

    public long? MaxTokens { get; init; }

    /// <summary>The schema of the answer; null for plain text.</summary>
    public AnswerFormat? Schema { get; init; }

    /// <summary>Tokens, cost and times are told after each answer.</summary>
    public bool Stats { get; init; }
}
