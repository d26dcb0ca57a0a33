using Sluice.Wire;
using static Sluice.Wire.ParameterPlace;

namespace Sluice.Formats.OpenAICompletions;

/// <summary>Where parameters stand in bodies of <c>/v1/completions</c>.</summary>
internal static class CompletionsParameters
{
    /// <summary>The map.</summary>
    public static ParameterMap Map { get; } = new(
    [
        .. Same("temperature", "top_p", "top_k", "min_p", "stop", "seed", "presence_penalty", "frequency_penalty", "logit_bias", "logprobs", "user"),
        Top("n", "n", "best_of"),
        Top("max_tokens") with { Also = ["max_completion_tokens", "max_output_tokens", "max_new_tokens", "n_predict"] },
    ]) { Deciding = ["model", "models", "prompt", "suffix", "messages", "stream", "stream_options", "service_tier", "response_format"] };
}
