using Sluice.Chat;

namespace Sluice.Formats.OpenAIChat;

/// <summary><c>finish_reason</c>: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>content_filter</c>, the deprecated <c>function_call</c>; vendors add words of their own.</summary>
internal static class ChatFinish
{
    /// <summary>
    /// Reads a reason. Calls decide where it contradicts them: OpenAI says <c>stop</c> for a forced call, Snowflake says nothing at all. A
    /// complete answer without a reason has stopped.
    /// </summary>
    public static FinishReason Read(string? reason, bool hasCalls) => reason switch
    {
        null or "" or "stop" or "eos" or "end_turn" => hasCalls ? FinishReason.ToolCalls : FinishReason.Stop,
        "tool_calls" or "function_call" or "tool_use" => FinishReason.ToolCalls,
        "length" or "max_tokens" or "model_length" => FinishReason.Length,
        "content_filter" => FinishReason.ContentFilter,
        "error" => FinishReason.Error,
        _ => new FinishReason(reason),
    };

    /// <summary>The reason within OpenAI's published set: strict SDKs fail on any other.</summary>
    /// <param name="reason">Why the answer ended.</param>
    /// <param name="hasCalls">The answer holds calls.</param>
    /// <param name="hasRefusal">The answer holds the words of a refusal, which says more than the reason.</param>
    public static string Write(FinishReason? reason, bool hasCalls, bool hasRefusal) => reason?.Value switch
    {
        "length" => "length",
        "content_filter" => "content_filter",
        "refusal" => hasRefusal ? "stop" : "content_filter",
        // It broke off in the middle: of the set, only "length" says that something is missing.
        "error" => "length",
        "tool_calls" => "tool_calls",
        _ => hasCalls ? "tool_calls" : "stop",
    };

    /// <summary>The reason within Mistral's set: <c>stop</c>, <c>length</c>, <c>model_length</c>, <c>error</c>, <c>tool_calls</c>.</summary>
    public static string WriteMistral(FinishReason? reason, bool hasCalls) => reason?.Value switch
    {
        "length" => "length",
        "error" or "content_filter" or "refusal" => "error",
        "tool_calls" => "tool_calls",
        _ => hasCalls ? "tool_calls" : "stop",
    };
}
