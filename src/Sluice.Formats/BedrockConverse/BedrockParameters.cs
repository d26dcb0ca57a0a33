using Sluice.Wire;
using static Sluice.Wire.ParameterPlace;

namespace Sluice.Formats.BedrockConverse;

/// <summary>Where parameters stand in bodies of Converse.</summary>
internal static class BedrockParameters
{
    private const string Holder = "inferenceConfig";

    /// <summary>The map.</summary>
    public static ParameterMap Map { get; } = new(
        In(Holder, "temperature"),
        In(Holder, "top_p", "topP"),
        In(Holder, "max_tokens", "maxTokens"),
        In(Holder, "stop", "stopSequences") with { IsList = true });
}
