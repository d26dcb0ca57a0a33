using Sluice.Wire;
using static Sluice.Wire.ParameterPlace;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Where parameters stand in bodies of the Chat Completions shape.</summary>
internal static class ChatParameters
{
    /// <summary>Of OpenAI, and of the vendors that follow it.</summary>
    public static ParameterMap OpenAI { get; } = new(
    [
        .. Same("temperature", "top_p", "top_k", "min_p", "stop", "seed", "n", "presence_penalty", "frequency_penalty", "logit_bias", "logprobs", "top_logprobs"),
        .. Same("user", "metadata", "store", "service_tier", "reasoning_effort", "verbosity", "parallel_tool_calls", "prompt_cache_key", "prompt_cache_retention", "safety_identifier"),
        Top("max_tokens", "max_tokens", "max_completion_tokens"),
    ]);

    /// <summary>Of Mistral (@mistralai/mistralai <c>chatcompletionrequest</c>).</summary>
    public static ParameterMap Mistral { get; } = new(
    [
        .. Same("temperature", "top_p", "stop", "n", "presence_penalty", "frequency_penalty", "metadata", "max_tokens", "reasoning_effort", "parallel_tool_calls", "prompt_cache_key"),
        Top("seed", "random_seed"),
    ]);
}
