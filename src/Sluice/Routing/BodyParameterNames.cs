using Sluice.Wire;

namespace Sluice.Routing;

/// <summary>How a neutral parameter is spelled at the top level of a format's body.</summary>
internal static class BodyParameterNames
{
    /// <summary>The member's name; <see langword="null"/> where the format has no such member at its top level.</summary>
    public static string? Of(string parameter, WireFormatId format) =>
        (parameter, format.Value) switch
        {
            (_, "gemini-generate" or "ollama-chat" or "ollama-generate" or "bedrock-converse") => null,
            ("max_tokens", "openai-responses") => "max_output_tokens",
            ("stop", "anthropic-messages") => "stop_sequences",
            ("seed", "mistral-chat") => "random_seed",
            ("temperature" or "top_p" or "max_tokens", _) => parameter,
            ("stop" or "seed" or "presence_penalty" or "frequency_penalty", "openai-chat" or "openai-completions" or "mistral-chat") => parameter,
            ("top_k", "anthropic-messages") => parameter,
            _ => null,
        };
}
