using Sluice.Wire;
using static Sluice.Wire.ParameterPlace;

namespace Sluice.Formats.CohereChat;

/// <summary>Where parameters stand in bodies of <c>/v2/chat</c>.</summary>
internal static class CohereParameters
{
    /// <summary>The map.</summary>
    public static ParameterMap Map { get; } = new(
    [
        .. Same("temperature", "max_tokens", "seed", "presence_penalty", "frequency_penalty", "logprobs"),
        Top("top_p", "p"),
        Top("top_k", "k"),
        Top("stop", "stop_sequences") with { IsList = true },
    ]);
}
