using Sluice.Chat;

namespace Sluice.Formats.BedrockConverse;

/// <summary>Stop reasons (<c>StopReason</c> of the API reference).</summary>
internal static class BedrockFinish
{
    /// <summary>Reads a stop reason; an unknown one stays as it is.</summary>
    public static FinishReason Read(string reason) => reason switch
    {
        "end_turn" => FinishReason.Stop,
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "stop_sequence" => FinishReason.StopSequence,
        "tool_use" => FinishReason.ToolCalls,
        "guardrail_intervened" or "content_filtered" => FinishReason.ContentFilter,
        "malformed_tool_use" => FinishReason.MalformedToolCall,
        "malformed_model_output" => FinishReason.Error,
        _ => new FinishReason(reason),
    };
}
