using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Mistral;

/// <summary>What the API's own SDK (@mistralai/mistralai 2.7) may send; anything else is refused when members are checked.</summary>
internal static class MistralMembers
{
    private static readonly Members Chat = new("""
        model temperature top_p max_tokens stream stop random_seed metadata messages response_format tools tool_choice presence_penalty frequency_penalty n
        prediction parallel_tool_calls reasoning_effort prompt_mode guardrails prompt_cache_key service_tier safe_prompt
        """);

    private static readonly Members Embeddings = new("model input metadata output_dimension output_dtype encoding_format");

    public static ProviderError? Check(SimulatedCall call, JsonElement root, string path)
    {
        if (!Members.AreChecked(call))
            return null;
        return (path == "/v1/embeddings" ? Embeddings : Chat).FirstUnknown(root) is { } unknown
            ? new ProviderError(422, "extra_forbidden", "Extra inputs are not permitted", unknown)
            : null;
    }
}
