namespace Sluice.Chat;

/// <summary>Why an answer ended. An open value; each server-side codec maps what it does not know into its format's published set.</summary>
public readonly record struct FinishReason(string Value)
{
    /// <summary>The model was done.</summary>
    public static FinishReason Stop { get; } = new("stop");

    /// <summary>A stop sequence of the request was met; <see cref="Candidate.StopSequence"/> may name it.</summary>
    public static FinishReason StopSequence { get; } = new("stop_sequence");

    /// <summary>The output limit was reached.</summary>
    public static FinishReason Length { get; } = new("length");

    /// <summary>The model waits for the results of tool calls.</summary>
    public static FinishReason ToolCalls { get; } = new("tool_calls");

    /// <summary>A filter of the provider cut or withheld the answer.</summary>
    public static FinishReason ContentFilter { get; } = new("content_filter");

    /// <summary>The model declined to answer.</summary>
    public static FinishReason Refusal { get; } = new("refusal");

    /// <summary>The provider paused a long turn of its own tools; the client sends the answer back to go on (Anthropic <c>pause_turn</c>).</summary>
    public static FinishReason Pause { get; } = new("pause");

    /// <summary>The model wrote a tool call that the provider could not read.</summary>
    public static FinishReason MalformedToolCall { get; } = new("malformed_tool_call");

    /// <summary>The upstream gave up in the middle of the answer.</summary>
    public static FinishReason Error { get; } = new("error");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
