using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>Where parameters stand in Ollama's bodies: most in <c>options</c>.</summary>
internal static class OllamaParameters
{
    private const string Holder = "options";

    private static readonly string[] Top =
    [
        "messages", "prompt", "suffix", "images", "system", "template", "context", "raw", "format", "think", "keep_alive", "tools", "options", "input", "truncate", "dimensions", "logprobs", "top_logprobs",
    ];

    /// <summary>Of <c>/api/chat</c> and <c>/api/generate</c>.</summary>
    public static ParameterMap Map { get; } = Of(
    [
        .. new[] { "temperature", "top_p", "top_k", "min_p", "seed", "stop", "presence_penalty", "frequency_penalty" }.Select(p => ParameterPlace.In(Holder, p)),
        ParameterPlace.In(Holder, "max_tokens", "num_predict"),
        .. ParameterPlace.Same("logprobs", "top_logprobs"),
        ParameterPlace.Top("reasoning_effort", "think"),
    ]);

    /// <summary>Of <c>/api/embed</c>.</summary>
    public static ParameterMap OfEmbeddings { get; } = Of([ParameterPlace.Top("dimensions")]);

    private static ParameterMap Of(IReadOnlyList<ParameterPlace> places) => new(places) { Section = [Holder], TopLevel = Top, Deciding = ["model", "stream"] };
}
