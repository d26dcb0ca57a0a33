using Sluice.Wire;
using static Sluice.Wire.ParameterPlace;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Where parameters stand in bodies of the Chat Completions shape.</summary>
internal static class ChatParameters
{
    private static readonly string[] Deciding =
    [
        "model", "models", "messages", "prompt", "stream", "stream_options", "tools", "tool_choice", "functions", "function_call", "response_format", "modalities", "audio", "web_search_options", "reasoning", "thinking",
    ];

    private static readonly string[] State = ["file_id", "file_url", "document_url", "video_url"];

    // TGI, llama.cpp and servers that took over the name of another API.
    private static readonly string[] OtherLimits = ["max_output_tokens", "max_new_tokens", "n_predict"];

    /// <summary>Of OpenAI, and of the vendors that follow it.</summary>
    public static ParameterMap OpenAI { get; } = new(
    [
        .. Same("temperature", "top_p", "top_k", "min_p", "stop", "seed", "presence_penalty", "frequency_penalty", "logit_bias", "logprobs", "top_logprobs"),
        .. Same("user", "metadata", "store", "service_tier", "reasoning_effort", "verbosity", "parallel_tool_calls", "prompt_cache_key", "prompt_cache_retention", "safety_identifier"),
        Top("n") with { Also = ["best_of"] },
        Top("max_tokens", "max_tokens", "max_completion_tokens") with { Also = OtherLimits },
    ]) { Deciding = Deciding, State = State };

    /// <summary>Of Mistral (@mistralai/mistralai <c>chatcompletionrequest</c>).</summary>
    public static ParameterMap Mistral { get; } = new(
    [
        .. Same("temperature", "top_p", "stop", "presence_penalty", "frequency_penalty", "metadata", "reasoning_effort", "parallel_tool_calls", "prompt_cache_key"),
        Top("seed", "random_seed"),
        Top("n") with { Also = ["best_of"] },
        Top("max_tokens") with { Also = ["max_completion_tokens", .. OtherLimits] },
    ]) { Deciding = Deciding, State = State };
}
