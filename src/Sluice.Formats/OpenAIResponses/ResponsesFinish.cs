using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>How an answer ended: this format says it by <c>status</c> and <c>incomplete_details.reason</c>.</summary>
internal static class ResponsesFinish
{
    /// <summary>The reason of an answer object; <see langword="null"/> for one that is not over (a background job), and for one that says no more than that it has.</summary>
    public static FinishReason? Read(JsonElement response, IReadOnlyList<Part> parts) => response.Text("status"u8) switch
    {
        "queued" or "in_progress" => null,
        "incomplete" => (response.Get("incomplete_details"u8) ?? default).Text("reason"u8) switch
        {
            "content_filter" => FinishReason.ContentFilter,
            "max_output_tokens" or "max_tokens" or null => FinishReason.Length,
            var other => new FinishReason(other),
        },
        "cancelled" => FinishReason.Error,
        null or "" or "completed" => Completed(parts, response.Get("output"u8) is { ValueKind: JsonValueKind.Array } output && output.GetArrayLength() > 0),
        var other => new FinishReason(other),
    };

    /// <summary>True for an answer that is still being made: a background job.</summary>
    public static bool IsOpen(JsonElement response) => response.Text("status"u8) is "queued" or "in_progress";

    /// <summary>The reason of an answer that is complete; <see langword="null"/> where it has no item at all.</summary>
    public static FinishReason? Completed(IReadOnlyList<Part> parts, bool hasItems)
    {
        bool refused = false;
        foreach (var part in parts)
        {
            if (part is ToolCallPart) return FinishReason.ToolCalls;
            refused |= part is RefusalPart;
        }
        return refused ? FinishReason.Refusal : hasItems ? FinishReason.Stop : null;
    }

    /// <summary><c>status</c> of an answer that ended so, and the reason when it is incomplete. Both are within the published sets.</summary>
    /// <param name="reason">The reason; <see langword="null"/> where the provider never said.</param>
    /// <param name="hasRefusal">The answer holds the model's words for declining.</param>
    /// <param name="losses">Where a reason without a word here is reported.</param>
    public static (string Status, string? Incomplete) Write(FinishReason? reason, bool hasRefusal, LossReport losses)
    {
        switch (reason?.Value)
        {
            case null or "stop" or "stop_sequence" or "tool_calls": return ("completed", null);
            case "refusal" when hasRefusal: return ("completed", null);
            case "content_filter" or "refusal": return ("incomplete", "content_filter");
            case "length": return ("incomplete", "max_output_tokens");
            case "error" or "malformed_tool_call": return ("failed", null);
            default:
                losses.Changed("finish_reason", $"this format has no word for '{reason}': told as an answer that was cut");
                return ("incomplete", "max_output_tokens");
        }
    }

    /// <summary>What an answer with the status <c>failed</c> says about itself.</summary>
    public static GatewayError Failure(FinishReason? reason) =>
        new(ErrorKind.Upstream, reason == FinishReason.MalformedToolCall ? "the model wrote a tool call that the provider could not read" : "the provider gave up in the middle of the answer");
}
