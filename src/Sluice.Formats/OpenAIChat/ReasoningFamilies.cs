using Sluice.Chat;
using Sluice.Formats.Shared;

namespace Sluice.Formats.OpenAIChat;

/// <summary>
/// Whose payload an item of <c>reasoning_details</c> holds, by its <c>format</c> (openrouter.ai/docs, "Preserving reasoning": <c>anthropic-claude-v1</c>,
/// <c>openai-responses-v1</c>, <c>google-gemini-v1</c>, <c>xai-responses-v1</c>, <c>unknown</c>).
/// </summary>
internal static class ReasoningFamilies
{
    private const string Unnamed = "openrouter";

    /// <summary>Reads a payload.</summary>
    public static Signature Read(string value, string? format) => format switch
    {
        "anthropic-claude-v1" => new Signature(value, "anthropic"),
        "openai-responses-v1" => new Signature(value, "openai"),
        "google-gemini-v1" => new Signature(value, "gemini"),
        "xai-responses-v1" => new Signature(value, "xai"),
        _ => SignatureEnvelope.Read(value, Unnamed),
    };

    /// <summary>The format that names a family; <see langword="null"/> for one without a name, whose payload travels in an envelope.</summary>
    public static string? Format(string family) => family switch
    {
        "anthropic" => "anthropic-claude-v1",
        "openai" => "openai-responses-v1",
        "gemini" => "google-gemini-v1",
        "xai" => "xai-responses-v1",
        _ => null,
    };

    /// <summary>The payload as an item of its format holds it.</summary>
    public static string Write(Signature signature) => Format(signature.Family) is null ? SignatureEnvelope.Write(signature, Unnamed) : signature.Value;

    /// <summary>True when a model that OpenRouter names (<c>anthropic/claude-...</c>) is of the family that made a payload.</summary>
    public static bool Serves(string upstreamModel, string family)
    {
        string model = upstreamModel.TrimStart('~');
        return family switch
        {
            "anthropic" => model.StartsWith("anthropic/", StringComparison.Ordinal),
            "openai" => model.StartsWith("openai/", StringComparison.Ordinal),
            "gemini" => model.StartsWith("google/", StringComparison.Ordinal),
            "xai" => model.StartsWith("x-ai/", StringComparison.Ordinal),
            _ => family == Unnamed,
        };
    }
}
