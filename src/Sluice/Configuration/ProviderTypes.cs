namespace Sluice.Configuration;

/// <summary>The types that a provider may have, and what each needs in order to be used.</summary>
public static class ProviderTypes
{
    /// <summary>All types, the vendors first.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "openai", "openai-responses", "azure", "anthropic", "gemini", "vertex", "ollama", "vllm", "groq", "mistral", "cohere", "openrouter",
        "deepseek", "xai", "together", "fireworks", "perplexity", "bedrock", "openai-compatible", "anthropic-compatible",
    ];

    /// <summary>Whether the type has no address of its own, so that <c>base_url</c> must be written.</summary>
    internal static bool NeedsBaseUrl(string type) => type is "azure" or "openai-compatible" or "anthropic-compatible";

    /// <summary>The variables that hold the type's API key by common usage, the first choice first; empty where the type needs no key.</summary>
    internal static IReadOnlyList<string> KeyVariables(string type) => type switch
    {
        "openai" or "openai-responses" => ["OPENAI_API_KEY"],
        "azure" => ["AZURE_OPENAI_API_KEY"],
        "anthropic" => ["ANTHROPIC_API_KEY"],
        "gemini" => ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
        "groq" => ["GROQ_API_KEY"],
        "mistral" => ["MISTRAL_API_KEY"],
        "cohere" => ["COHERE_API_KEY", "CO_API_KEY"],
        "openrouter" => ["OPENROUTER_API_KEY"],
        "deepseek" => ["DEEPSEEK_API_KEY"],
        "xai" => ["XAI_API_KEY"],
        "together" => ["TOGETHER_API_KEY"],
        "fireworks" => ["FIREWORKS_API_KEY"],
        "perplexity" => ["PERPLEXITY_API_KEY"],
        _ => [],
    };

    /// <summary>The variables that hold the type's address by common usage; heeded only where nothing is configured.</summary>
    internal static IReadOnlyList<string> BaseUrlVariables(string type) => type switch
    {
        "openai" => ["OPENAI_BASE_URL"],
        "azure" => ["AZURE_OPENAI_ENDPOINT"],
        "anthropic" => ["ANTHROPIC_BASE_URL"],
        "gemini" => ["GEMINI_BASE_URL", "GOOGLE_GEMINI_BASE_URL"],
        "groq" => ["GROQ_BASE_URL"],
        "mistral" => ["MISTRAL_BASE_URL"],
        "cohere" => ["COHERE_BASE_URL", "CO_API_URL"],
        "openrouter" => ["OPENROUTER_BASE_URL"],
        "deepseek" => ["DEEPSEEK_BASE_URL"],
        "xai" => ["XAI_BASE_URL"],
        _ => [],
    };

    /// <summary>The types that are looked for where nothing is configured, in this order.</summary>
    internal static IReadOnlyList<string> Discovered { get; } =
        ["openai", "anthropic", "gemini", "groq", "mistral", "cohere", "openrouter", "deepseek", "xai", "azure"];
}
