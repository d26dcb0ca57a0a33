using Sluice.Wire;

namespace Sluice.Parameters;

/// <summary>
/// The neutral names of parameters, and where each stands in a body: <c>temperature</c>, <c>top_p</c>, <c>top_k</c>, <c>presence_penalty</c>,
/// <c>frequency_penalty</c>, <c>logit_bias</c>, <c>logprobs</c>, <c>top_logprobs</c>, <c>stop</c>, <c>seed</c>, <c>n</c>, <c>user</c>,
/// <c>metadata</c>, <c>store</c>, <c>reasoning_effort</c>, <c>prompt_cache_retention</c>.
/// </summary>
internal static class ParameterNames
{
    /// <summary>The object below the top level that holds a format's settings, in both spellings; empty where they stand at the top level.</summary>
    public static IReadOnlyList<string> Section(WireFormatId format) =>
        format == WireFormatId.GeminiGenerate ? ["generationConfig", "generation_config"] : [];

    /// <summary>The spellings of a parameter in a body.</summary>
    public static IReadOnlyList<string> In(WireFormatId format, string parameter) => (format.Value, parameter) switch
    {
        ("gemini-generate", _) => Camel(parameter) is var camel && camel == parameter ? [parameter] : [camel, parameter],
        ("anthropic-messages", "stop") => ["stop_sequences"],
        ("cohere-chat", "stop") => ["stop_sequences"],
        ("cohere-chat", "top_p") => ["p"],
        ("cohere-chat", "top_k") => ["k"],
        ("mistral-chat", "seed") => ["random_seed"],
        ("openai-responses", "reasoning_effort") => [], // it stands in an object of its own, see ReasoningInBody
        _ => [parameter],
    };

    private static string Camel(string name)
    {
        int at = name.IndexOf('_');
        return at < 0 || at + 1 == name.Length ? name : Camel($"{name[..at]}{char.ToUpperInvariant(name[at + 1])}{name[(at + 2)..]}");
    }
}
