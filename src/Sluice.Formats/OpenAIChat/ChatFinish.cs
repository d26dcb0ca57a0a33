using Sluice.Chat;
using Sluice.Wire;

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
        // What Google's own endpoint for OpenAI clients says.
        "function_call_filter: MALFORMED_FUNCTION_CALL" => FinishReason.MalformedToolCall,
        _ => new FinishReason(reason),
    };

    /// <summary>The reason within OpenAI's published set: strict SDKs fail on any other.</summary>
    /// <param name="reason">Why the answer ended.</param>
    /// <param name="hasCalls">The answer holds calls.</param>
    /// <param name="hasRefusal">The answer holds the words of a refusal, which says more than the reason.</param>
    /// <param name="losses">Where a reason without a word here is reported.</param>
    public static string Write(FinishReason? reason, bool hasCalls, bool hasRefusal, LossReport losses)
    {
        switch (reason?.Value)
        {
            case "length": return "length";
            case "content_filter": return "content_filter";
            case "refusal": return hasRefusal ? "stop" : "content_filter";
            case "tool_calls": return "tool_calls";
            case null or "stop" or "stop_sequence": return hasCalls ? "tool_calls" : "stop";
            // Something is missing: of the set, only "length" says so. Calls that came whole can be answered all the same.
            case "error": return Instead("length", reason, losses);
            case "malformed_tool_call": return Instead(hasCalls ? "tool_calls" : "length", reason, losses);
            default: return Instead(hasCalls ? "tool_calls" : "stop", reason, losses);
        }
    }

    /// <summary>The reason within Mistral's set: <c>stop</c>, <c>length</c>, <c>model_length</c>, <c>error</c>, <c>tool_calls</c>.</summary>
    public static string WriteMistral(FinishReason? reason, bool hasCalls) => reason?.Value switch
    {
        "length" => "length",
        "error" or "content_filter" or "refusal" => "error",
        "malformed_tool_call" when !hasCalls => "error",
        "tool_calls" => "tool_calls",
        _ => hasCalls ? "tool_calls" : "stop",
    };

    private static string Instead(string word, FinishReason? reason, LossReport losses)
    {
        losses.Changed("finish_reason", $"this format has no word for '{reason}': told as '{word}'");
        return word;
    }
}
