using Sluice.Wire;
using static Sluice.Wire.ParameterPlace;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>Where parameters stand in bodies of <c>/v1/responses</c>.</summary>
internal static class ResponsesParameters
{
    /// <summary>The map.</summary>
    public static ParameterMap Map { get; } = new(
    [
        .. Same("temperature", "top_p", "top_logprobs", "user", "metadata", "store", "service_tier", "parallel_tool_calls", "prompt_cache_key", "prompt_cache_retention", "safety_identifier"),
        Top("max_tokens", "max_output_tokens") with { Also = ["max_tokens", "max_completion_tokens", "max_new_tokens"] },
        In("reasoning", "reasoning_effort", "effort"),
        In("text", "verbosity"),
    ])
    {
        Deciding =
        [
            "model", "models", "input", "instructions", "prompt", "previous_response_id", "conversation", "background", "stream", "stream_options", "tools", "tool_choice", "max_tool_calls", "reasoning", "text", "include",
            "truncation", "context_management",
        ],
        State = ["previous_response_id", "conversation", "prompt", "file_id", "file_url"],
    };
}
