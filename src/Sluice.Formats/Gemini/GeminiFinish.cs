using Sluice.Chat;

namespace Sluice.Formats.Gemini;

/// <summary>
/// Finish reasons (@google/genai <c>FinishReason</c>; <c>MODEL_ARMOR</c> was met on Vertex AI). There is none for tool calls: an answer that calls functions
/// ends with <c>STOP</c>.
/// </summary>
internal static class GeminiFinish
{
    public static FinishReason Read(string reason, bool hasCalls) => reason switch
    {
        "STOP" => hasCalls ? FinishReason.ToolCalls : FinishReason.Stop,
        "MAX_TOKENS" => FinishReason.Length,
        "SAFETY" or "RECITATION" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "MODEL_ARMOR" or "LANGUAGE"
            or "IMAGE_SAFETY" or "IMAGE_PROHIBITED_CONTENT" or "IMAGE_RECITATION" or "NO_IMAGE" => FinishReason.ContentFilter,
        "MALFORMED_FUNCTION_CALL" => FinishReason.MalformedToolCall,
        // The call is in the parts all the same.
        "UNEXPECTED_TOOL_CALL" or "TOO_MANY_TOOL_CALLS" => hasCalls ? FinishReason.ToolCalls : FinishReason.MalformedToolCall,
        "OTHER" or "IMAGE_OTHER" or "MALFORMED_RESPONSE" or "MISSING_THOUGHT_SIGNATURE" or "FINISH_REASON_UNSPECIFIED" => FinishReason.Error,
        _ => new FinishReason(reason.ToLowerInvariant()),
    };

    public static string Write(FinishReason? reason) => reason?.Value switch
    {
        "stop" or "stop_sequence" or "tool_calls" => "STOP",
        "length" => "MAX_TOKENS",
        "content_filter" or "refusal" => "SAFETY",
        "malformed_tool_call" => "MALFORMED_FUNCTION_CALL",
        _ => "OTHER",
    };
}
