using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Stop reasons (the SDK's <c>StopReason</c>).</summary>
internal static class AnthropicFinish
{
    /// <summary>Reads a stop reason; an unknown one stays as it is.</summary>
    public static FinishReason Read(string reason) => reason switch
    {
        "end_turn" => FinishReason.Stop,
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "stop_sequence" => FinishReason.StopSequence,
        "tool_use" => FinishReason.ToolCalls,
        "pause_turn" => FinishReason.Pause,
        "refusal" => FinishReason.Refusal,
        _ => new FinishReason(reason),
    };

    /// <summary>The spelling that <see cref="Write"/> would not give back; <see langword="null"/> where it would.</summary>
    public static string? Shape(string? reason) => reason is "model_context_window_exceeded" ? "stop_reason=" + reason : null;

    /// <summary>Writes a stop reason of the published set.</summary>
    /// <param name="reason">Why the answer ended; <see langword="null"/> where the provider never said.</param>
    /// <param name="notes">Notes of the candidate.</param>
    /// <param name="hasCalls">The answer asks for tools to be run: clients go by the stop reason, and some providers end such answers with "stop".</param>
    /// <param name="losses">Where a reason without a word here is reported.</param>
    public static string Write(FinishReason? reason, WireNotes? notes, bool hasCalls, LossReport losses)
    {
        if (Json.Shape.Value(notes.Own(), "stop_reason") is { } spelled) return spelled;
        switch (reason?.Value)
        {
            case null or "stop": return hasCalls && !notes.IsOwn() ? "tool_use" : "end_turn";
            case "length": return "max_tokens";
            case "stop_sequence": return "stop_sequence";
            case "tool_calls": return "tool_use";
            case "pause": return "pause_turn";
            case "refusal" or "content_filter": return "refusal";
            case "error":
                losses.Changed("finish_reason", "the provider gave up in the middle: told as an answer that was cut");
                return "max_tokens";
            case "malformed_tool_call":
                losses.Changed("finish_reason", "the provider could not read the model's tool call: told as an answer that was cut");
                return "max_tokens";
            case var unknown when notes.IsOwn():
                return unknown;
            default:
                losses.Changed("finish_reason", $"this format has no stop reason '{reason}': told as an answer that was cut");
                return "max_tokens";
        }
    }
}
