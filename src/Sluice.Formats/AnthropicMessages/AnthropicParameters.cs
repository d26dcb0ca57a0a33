using Sluice.Wire;
using static Sluice.Wire.ParameterPlace;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Where parameters stand in bodies of <c>/v1/messages</c>.</summary>
internal static class AnthropicParameters
{
    /// <summary>The map.</summary>
    public static ParameterMap Map { get; } = new(
    [
        .. Same("temperature", "top_p", "top_k", "max_tokens", "service_tier"),
        Top("stop", "stop_sequences") with { IsList = true },
        In("metadata", "user", "user_id"),
        In("output_config", "reasoning_effort", "effort"),
    ]);
}
