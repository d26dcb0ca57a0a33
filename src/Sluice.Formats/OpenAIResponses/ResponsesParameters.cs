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
        Top("max_tokens", "max_output_tokens"),
        In("reasoning", "reasoning_effort", "effort"),
        In("text", "verbosity"),
    ]);
}
