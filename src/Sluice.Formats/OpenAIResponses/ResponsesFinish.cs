using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>How an answer ended: this format says it by <c>status</c> and <c>incomplete_details.reason</c>.</summary>
internal static class ResponsesFinish
{
    /// <summary>The reason of an answer object; <see langword="null"/> for one that is not over (a background job).</summary>
    public static FinishReason? Read(JsonElement response, IReadOnlyList<Part> parts) => response.Text("status"u8) switch
    {
        "queued" or "in_progress" => null,
        "incomplete" => (response.Get("incomplete_details"u8) ?? default).Text("reason"u8) switch
        {
            "content_filter" => FinishReason.ContentFilter,
            "max_output_tokens" or null => FinishReason.Length,
            var other => new FinishReason(other),
        },
        "cancelled" => FinishReason.Error,
        _ => Completed(parts),
    };

    /// <summary>The reason of an answer that is complete.</summary>
    public static FinishReason Completed(IReadOnlyList<Part> parts)
    {
        bool refused = false;
        foreach (var part in parts)
        {
            if (part is ToolCallPart) return FinishReason.ToolCalls;
            refused |= part is RefusalPart;
        }
        return refused ? FinishReason.Refusal : FinishReason.Stop;
    }

    /// <summary><c>status</c> of an answer that ended so, and the reason when it is incomplete. Both are within the published sets.</summary>
    /// <param name="reason">The reason; <see langword="null"/> where the provider never said.</param>
    /// <param name="hasRefusal">The answer holds the model's words for declining.</param>
    public static (string Status, string? Incomplete) Write(FinishReason? reason, bool hasRefusal) => reason?.Value switch
    {
        "length" => ("incomplete", "max_output_tokens"),
        "content_filter" => ("incomplete", "content_filter"),
        "refusal" when !hasRefusal => ("incomplete", "content_filter"),
        "error" or "malformed_tool_call" => ("failed", null),
        _ => ("completed", null),
    };

    /// <summary>What an answer with the status <c>failed</c> says about itself.</summary>
    public static GatewayError Failure(FinishReason? reason) =>
        new(ErrorKind.Upstream, reason == FinishReason.MalformedToolCall ? "the model wrote a tool call that the provider could not read" : "the provider gave up in the middle of the answer");
}
