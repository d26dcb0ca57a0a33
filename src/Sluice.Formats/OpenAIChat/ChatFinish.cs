using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary><c>finish_reason</c>: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>content_filter</c>, the deprecated <c>function_call</c>; vendors add words of their own.</summary>
internal static class ChatFinish
{
    /// <summary>
    /// Reads a reason in the words of all vendors. Calls decide where it contradicts them: OpenAI says <c>stop</c> for a forced call, Snowflake says
    /// nothing at all. A complete answer without a reason has stopped; a word that nobody knows stays as it is.
    /// </summary>
    public static FinishReason Read(string? reason, bool hasCalls) => reason?.ToLowerInvariant() switch
    {
        null or "" or "stop" or "eos" or "eos_token" or "end_turn" or "complete" or "completed" => hasCalls ? FinishReason.ToolCalls : FinishReason.Stop,
        "stop_sequence" => hasCalls ? FinishReason.ToolCalls : FinishReason.StopSequence,
        "tool_calls" or "function_call" or "tool_use" => FinishReason.ToolCalls,
        "length" or "max_tokens" or "max_output_tokens" or "model_length" or "model_context_window_exceeded" => FinishReason.Length,
        // Z.ai says "sensitive".
        "content_filter" or "content_filtered" or "safety" or "sensitive" or "recitation" or "prohibited_content" or "blocklist" or "spii" => FinishReason.ContentFilter,
        "refusal" => FinishReason.Refusal,
        // DeepSeek's, vLLM's and Z.ai's words for an answer that was given up.
        "error" or "abort" or "insufficient_system_resource" or "network_error" => FinishReason.Error,
        "malformed_function_call" => FinishReason.MalformedToolCall,
        // Google's own endpoint for OpenAI clients names the filter, and then its own reason.
        var google when google.StartsWith("function_call_filter", StringComparison.Ordinal) => hasCalls && !google.Contains("malformed", StringComparison.Ordinal) ? FinishReason.ToolCalls : FinishReason.MalformedToolCall,
        var google when google.StartsWith("content_filter", StringComparison.Ordinal) => FinishReason.ContentFilter,
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
            // What the client was asked to do is done all the same.
            case "pause" when hasCalls: return Instead("tool_calls", reason, losses);
            // Something is missing, or nobody knows whether: of the set, only "length" says so. No client may take such an answer for a good one, or run its calls.
            default: return Instead("length", reason, losses);
        }
    }

    /// <summary>The reason within Mistral's set: <c>stop</c>, <c>length</c>, <c>model_length</c>, <c>error</c>, <c>tool_calls</c>.</summary>
    public static string WriteMistral(FinishReason? reason, bool hasCalls) => reason?.Value switch
    {
        "length" or "pause" => "length",
        "tool_calls" => "tool_calls",
        null or "stop" or "stop_sequence" => hasCalls ? "tool_calls" : "stop",
        _ => "error",
    };

    private static string Instead(string word, FinishReason? reason, LossReport losses)
    {
        losses.Changed("finish_reason", $"this format has no word for '{reason}': told as '{word}'");
        return word;
    }
}
