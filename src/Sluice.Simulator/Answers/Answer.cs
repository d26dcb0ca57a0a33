namespace Sluice.Simulator.Answers;

/// <summary>What the model says, before it is put into a vendor's form.</summary>
internal sealed record Answer
{
    public string Reasoning { get; init; } = "";

    public string Text { get; init; } = "";

    public IReadOnlyList<ToolUse> Calls { get; init; } = [];

    public Finish Finish { get; init; }

    public string? StopSequence { get; init; }

    /// <summary>The model declined; <see cref="Text"/> holds its words.</summary>
    public bool Refused { get; init; }

    public int ReasoningTokens { get; init; }

    /// <summary>Tokens of text and calls, without reasoning.</summary>
    public int VisibleTokens { get; init; }

    public int OutputTokens => ReasoningTokens + VisibleTokens;
}

internal sealed record ToolUse(string Name, string Arguments);

internal enum Finish
{
    Stop,
    Length,
    StopSequence,
    ToolCalls,
    Filter,
}
