using Sluice.Wire;
using static Sluice.Wire.ParameterPlace;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Where parameters stand in bodies of <c>/v1/messages</c>.</summary>
internal static class AnthropicParameters
{
    private static readonly string[] Members =
    [
        "model", "models", "messages", "system", "stream", "tools", "tool_choice", "thinking", "speed", "inference_geo", "container", "mcp_servers", "context_management", "metadata", "output_config", "output_format",
    ];

    /// <summary>The map.</summary>
    public static ParameterMap Map { get; } = new(
    [
        .. Same("temperature", "top_p", "top_k", "service_tier"),
        Top("max_tokens") with { Also = ["max_tokens_to_sample", "max_completion_tokens", "max_output_tokens"] },
        Top("stop", "stop_sequences") with { IsList = true },
        In("metadata", "user", "user_id"),
        In("output_config", "reasoning_effort", "effort"),
    ]) { Deciding = Members, State = ["file_id"] };

    /// <summary>Of <c>/v1/messages/count_tokens</c>, which takes none of them.</summary>
    public static ParameterMap OfCounts { get; } = new() { Deciding = Members };
}
