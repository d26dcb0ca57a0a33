using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Where parameters stand in Gemini's bodies: in <c>generationConfig</c>. Every member is taken in camel case and in snake case.</summary>
internal static class GeminiParameters
{
    private static readonly string[] Holder = ["generationConfig", "generation_config"];

    private static readonly string[] Top =
    [
        "contents", "content", "requests", "tools", "toolConfig", "tool_config", "safetySettings", "safety_settings", "systemInstruction", "system_instruction", "cachedContent", "cached_content",
        "generationConfig", "generation_config", "labels", "store", "serviceTier", "service_tier", "taskType", "task_type", "title", "outputDimensionality", "output_dimensionality", "generateContentRequest",
    ];

    /// <summary>Of <c>generateContent</c>.</summary>
    public static ParameterMap Map { get; } = Of(
        In("temperature"),
        In("top_p"),
        In("top_k"),
        In("seed"),
        In("presence_penalty"),
        In("frequency_penalty"),
        In("max_tokens", "maxOutputTokens"),
        In("n", "candidateCount"),
        In("stop", "stopSequences") with { IsList = true },
        In("logprobs", "responseLogprobs"),
        In("top_logprobs", "logprobs"),
        ParameterPlace.Top("service_tier", "serviceTier", "service_tier"));

    /// <summary>Of <c>countTokens</c>, which takes none of them.</summary>
    public static ParameterMap OfOthers { get; } = Of();

    /// <summary>Of <c>embedContent</c>.</summary>
    public static ParameterMap OfEmbeddings { get; } = Of(ParameterPlace.Top("dimensions", "outputDimensionality", "output_dimensionality"));

    private static ParameterMap Of(params ParameterPlace[] places) => new(places) { Section = Holder, TopLevel = Top, Spell = Spellings, State = ["cachedContent", "cached_content", "fileUri", "file_uri"] };

    private static ParameterPlace In(string parameter, string? name = null) => new(parameter, Holder, Spellings(name ?? parameter));

    private static IReadOnlyList<string> Spellings(string name)
    {
        string camel = string.Concat(name.Split('_', StringSplitOptions.RemoveEmptyEntries).Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
        string snake = string.Concat(camel.Select(c => char.IsAsciiLetterUpper(c) ? "_" + char.ToLowerInvariant(c) : c.ToString()));
        return camel == snake ? [camel] : [camel, snake];
    }
}
