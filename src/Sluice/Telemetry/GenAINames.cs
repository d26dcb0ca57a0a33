using Sluice.Wire;

namespace Sluice.Telemetry;

/// <summary>The words of OpenTelemetry's conventions for our vendors and formats.</summary>
internal static class GenAINames
{
    /// <summary>The value of <c>gen_ai.provider.name</c>: the well-known one, else the vendor's own id.</summary>
    public static string Provider(string vendor) => vendor switch
    {
        "openai-responses" => "openai",
        "azure" => "azure.ai.openai",
        "gemini" => "gcp.gemini",
        "vertex" => "gcp.vertex_ai",
        "bedrock" => "aws.bedrock",
        "mistral" => "mistral_ai",
        "xai" => "x_ai",
        _ => vendor,
    };

    /// <summary>The value of <c>gen_ai.operation.name</c>.</summary>
    public static string Operation(IWireFormat format) => format.Operation switch
    {
        WireOperation.Embeddings => "embeddings",
        WireOperation.CountTokens => "count_tokens",
        _ => Chat(format.Id.Value),
    };

    private static string Chat(string format) => format switch
    {
        "gemini-generate" => "generate_content",
        "openai-completions" or "ollama-generate" => "text_completion",
        _ => "chat",
    };
}
