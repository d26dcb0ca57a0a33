using Sluice.Wire;

namespace Sluice.Transforms.Rules;

/// <summary>Where a request parameter stands in a dialect's body.</summary>
/// <param name="Holder">The object that holds it, in its spellings; empty for the body itself.</param>
/// <param name="Names">Its spellings, the usual one first.</param>
internal readonly record struct ParameterPlace(IReadOnlyList<string> Holder, IReadOnlyList<string> Names)
{
    private static readonly string[] GeminiHolder = ["generationConfig", "generation_config"];

    private static readonly HashSet<string> GeminiTop = new(StringComparer.Ordinal)
    {
        "contents", "content", "requests", "tools", "toolConfig", "tool_config", "safetySettings", "safety_settings", "systemInstruction", "system_instruction", "cachedContent", "cached_content",
        "generationConfig", "generation_config", "labels", "store", "serviceTier", "service_tier", "taskType", "task_type", "title", "outputDimensionality", "output_dimensionality", "generateContentRequest",
    };

    private static readonly HashSet<string> OllamaTop = new(StringComparer.Ordinal)
    {
        "messages", "prompt", "suffix", "images", "system", "template", "context", "raw", "format", "think", "keep_alive", "tools", "options", "input", "truncate", "dimensions", "logprobs", "top_logprobs",
    };

    /// <summary>The place of a parameter, by its name in the format or by the neutral name that <c>params</c> of providers uses.</summary>
    public static ParameterPlace Of(string name, WireFormatId format) => format.Value switch
    {
        "gemini-generate" or "gemini-count-tokens" or "gemini-embed" => GeminiTop.Contains(name) ? Top(name) : new(GeminiHolder, Gemini(name)),
        "ollama-chat" or "ollama-generate" or "ollama-embed" => OllamaTop.Contains(name) ? Top(name) : new(["options"], [name == "max_tokens" ? "num_predict" : name]),
        "openai-chat" when name is "max_tokens" => Top("max_tokens", "max_completion_tokens"),
        "openai-chat" when name is "max_completion_tokens" => Top("max_completion_tokens", "max_tokens"),
        "openai-responses" when name is "max_tokens" => Top("max_output_tokens"),
        "anthropic-messages" when name is "stop" => Top("stop_sequences"),
        _ => Top(name),
    };

    private static ParameterPlace Top(params string[] names) => new([], names);

    // Gemini takes every member in camel case and in snake case.
    private static string[] Gemini(string name)
    {
        string known = name switch { "max_tokens" => "maxOutputTokens", "stop" => "stopSequences", _ => name };
        string camel = string.Concat(known.Split('_', StringSplitOptions.RemoveEmptyEntries).Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
        string snake = string.Concat(camel.Select(c => char.IsAsciiLetterUpper(c) ? "_" + char.ToLowerInvariant(c) : c.ToString()));
        return camel == snake ? [camel] : [camel, snake];
    }
}
