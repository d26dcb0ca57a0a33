using Sluice.Providers;

namespace Sluice.Configuration.Importing;

/// <summary>What LiteLLM calls a provider, and what that is here.</summary>
/// <param name="Type">The type; null for one that speaks a language that Sluice does not.</param>
/// <param name="KeyVariable">Where LiteLLM looks for its key.</param>
/// <param name="Address">Its address, where the type has none.</param>
/// <param name="AddressVariable">Where LiteLLM looks for its address.</param>
internal sealed record LiteLlmVendor(string? Type, string? KeyVariable = null, string? Address = null, string? AddressVariable = null)
{
    private const string Compatible = "openai-compatible";

    private static readonly Dictionary<string, LiteLlmVendor> Known = new(StringComparer.Ordinal)
    {
        ["openai"] = new("openai", "OPENAI_API_KEY"), ["text-completion-openai"] = new("openai", "OPENAI_API_KEY"),
        ["azure"] = new("azure", "AZURE_API_KEY", null, "AZURE_API_BASE"), ["azure_text"] = new("azure", "AZURE_API_KEY", null, "AZURE_API_BASE"),
        ["azure_ai"] = new(Compatible, "AZURE_AI_API_KEY", null, "AZURE_AI_API_BASE"),
        ["anthropic"] = new("anthropic", "ANTHROPIC_API_KEY"), ["anthropic_text"] = new("anthropic", "ANTHROPIC_API_KEY"),
        ["gemini"] = new("gemini", "GEMINI_API_KEY"), ["vertex_ai"] = new("vertex"), ["vertex_ai_beta"] = new("vertex"),
        ["bedrock"] = new("bedrock"), ["bedrock_converse"] = new("bedrock"),
        ["ollama"] = new("ollama", null, null, "OLLAMA_API_BASE"), ["ollama_chat"] = new("ollama", null, null, "OLLAMA_API_BASE"),
        ["hosted_vllm"] = new("vllm", "HOSTED_VLLM_API_KEY", null, "HOSTED_VLLM_API_BASE"), ["vllm"] = new("vllm", "HOSTED_VLLM_API_KEY", null, "HOSTED_VLLM_API_BASE"),
        ["groq"] = new("groq", "GROQ_API_KEY"), ["mistral"] = new("mistral", "MISTRAL_API_KEY"), ["openrouter"] = new("openrouter", "OPENROUTER_API_KEY"),
        ["cohere"] = new("cohere", "COHERE_API_KEY"), ["cohere_chat"] = new("cohere", "COHERE_API_KEY"), ["deepseek"] = new("deepseek", "DEEPSEEK_API_KEY"),
        ["xai"] = new("xai", "XAI_API_KEY"), ["together_ai"] = new("together", "TOGETHERAI_API_KEY"), ["fireworks_ai"] = new("fireworks", "FIREWORKS_AI_API_KEY"),
        ["cerebras"] = new("cerebras", "CEREBRAS_API_KEY"), ["deepinfra"] = new("deepinfra", "DEEPINFRA_API_KEY"), ["voyage"] = new("voyage", "VOYAGE_API_KEY"),
        ["perplexity"] = new("perplexity", "PERPLEXITYAI_API_KEY"),
        ["nvidia_nim"] = new(Compatible, "NVIDIA_NIM_API_KEY", "https://integrate.api.nvidia.com/v1"),
        ["sambanova"] = new(Compatible, "SAMBANOVA_API_KEY", "https://api.sambanova.ai/v1"),
        ["moonshot"] = new(Compatible, "MOONSHOT_API_KEY", "https://api.moonshot.ai/v1"),
        ["dashscope"] = new(Compatible, "DASHSCOPE_API_KEY", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"),
        ["zai"] = new(Compatible, "ZAI_API_KEY", "https://api.z.ai/api/paas/v4"),
        ["volcengine"] = new(Compatible, "VOLCENGINE_API_KEY", "https://ark.cn-beijing.volces.com/api/v3"),
        ["minimax"] = new(Compatible, "MINIMAX_API_KEY", "https://api.minimax.io/v1"),
        ["codestral"] = new(Compatible, "CODESTRAL_API_KEY", "https://codestral.mistral.ai/v1"),
        ["github"] = new(Compatible, "GITHUB_API_KEY", "https://models.inference.ai.azure.com"),
        ["novita"] = new(Compatible, "NOVITA_API_KEY", "https://api.novita.ai/v3/openai"),
        ["hyperbolic"] = new(Compatible, "HYPERBOLIC_API_KEY", "https://api.hyperbolic.xyz/v1"),
        ["nebius"] = new(Compatible, "NEBIUS_API_KEY", "https://api.studio.nebius.ai/v1"),
        ["lambda_ai"] = new(Compatible, "LAMBDA_API_KEY", "https://api.lambda.ai/v1"),
        ["featherless_ai"] = new(Compatible, "FEATHERLESS_AI_API_KEY", "https://api.featherless.ai/v1"),
        ["friendliai"] = new(Compatible, "FRIENDLI_TOKEN", "https://api.friendli.ai/serverless/v1"),
        ["meta_llama"] = new(Compatible, "LLAMA_API_KEY", "https://api.llama.com/compat/v1"),
        ["nscale"] = new(Compatible, "NSCALE_API_KEY", "https://inference.api.nscale.com/v1"),
        ["baseten"] = new(Compatible, "BASETEN_API_KEY", "https://inference.baseten.co/v1"),
        ["ai21"] = new(Compatible, "AI21_API_KEY", "https://api.ai21.com/studio/v1"), ["ai21_chat"] = new(Compatible, "AI21_API_KEY", "https://api.ai21.com/studio/v1"),
        ["aiml"] = new(Compatible, "AIML_API_KEY", "https://api.aimlapi.com/v1"),
        ["jina_ai"] = new(Compatible, "JINA_AI_API_KEY", "https://api.jina.ai/v1"),
        ["vercel_ai_gateway"] = new(Compatible, "VERCEL_AI_GATEWAY_API_KEY", "https://ai-gateway.vercel.sh/v1"),
        ["wandb"] = new(Compatible, "WANDB_API_KEY", "https://api.inference.wandb.ai/v1"),
        ["huggingface"] = new(Compatible, "HUGGINGFACE_API_KEY", "https://router.huggingface.co/v1"),
        ["lm_studio"] = new(Compatible, null, null, "LM_STUDIO_API_BASE"), ["litellm_proxy"] = new(Compatible, "LITELLM_PROXY_API_KEY", null, "LITELLM_PROXY_API_BASE"),
        ["llamafile"] = new(Compatible, null, "http://127.0.0.1:8080/v1"), ["docker_model_runner"] = new(Compatible, null, "http://localhost:12434/engines/llama.cpp/v1"),
        ["custom_openai"] = new(Compatible), ["openai_like"] = new(Compatible), ["xinference"] = new(Compatible), ["infinity"] = new(Compatible), ["databricks"] = new(Compatible, "DATABRICKS_API_KEY", null, "DATABRICKS_API_BASE"),
        ["anyscale"] = new(Compatible), ["empower"] = new(Compatible), ["galadriel"] = new(Compatible), ["heroku"] = new(Compatible),
    };

    // Their own languages, be there an address or not.
    private static readonly HashSet<string> Foreign = new(StringComparer.Ordinal)
    {
        "replicate", "sagemaker", "sagemaker_chat", "watsonx", "watsonx_text", "cloudflare", "nlp_cloud", "aleph_alpha", "petals", "predibase", "triton", "clarifai", "palm", "oci", "maritalk", "gigachat", "baseten_legacy",
        "github_copilot", "chatgpt", "oobabooga", "snowflake", "langgraph", "custom", "dify", "elevenlabs", "deepgram", "assemblyai", "aws_polly", "stability", "recraft", "fal_ai", "runwayml", "topaz", "black_forest_labs",
    };

    /// <summary>By LiteLLM's name, or by Sluice's own; null for a word that neither knows.</summary>
    internal static LiteLlmVendor? Find(string name) =>
        Known.GetValueOrDefault(name) ?? (Foreign.Contains(name) ? new LiteLlmVendor((string?)null) : Vendors.Find(name) is { } vendor ? new LiteLlmVendor(vendor.Id, vendor.KeyVariables is [var first, ..] ? first : null) : null);

    /// <summary>Whose a bare model name is; null where nobody knows.</summary>
    internal static string? Owner(string model) => Owners.FirstOrDefault(owner => model.StartsWith(owner.Beginning, StringComparison.Ordinal)).Name;

    /// <summary>What a model does that Sluice does not serve, by the mode that is written, else by its name; null where it is served.</summary>
    internal static string? Unserved(string? mode, string model)
    {
        if (mode is not null) return mode is "chat" or "completion" or "text_completion" or "embedding" or "embeddings" or "responses" ? null : mode.Replace('_', ' ');
        foreach (var (part, what) in UnservedNames)
        {
            if (model.Contains(part, StringComparison.OrdinalIgnoreCase)) return what;
        }

        return null;
    }

    private static readonly (string Beginning, string Name)[] Owners =
    [
        ("claude", "anthropic"), ("command", "cohere"), ("gemini", "vertex_ai"), ("gpt", "openai"), ("o1", "openai"), ("o3", "openai"), ("o4", "openai"), ("chatgpt", "openai"), ("text-embedding-", "openai"),
        ("ft:", "openai"), ("davinci", "openai"), ("babbage", "openai"), ("whisper", "openai"), ("tts", "openai"), ("dall-e", "openai"), ("codex", "openai"), ("omni-moderation", "openai"),
        ("anthropic.", "bedrock"), ("amazon.", "bedrock"), ("meta.", "bedrock"), ("cohere.", "bedrock"), ("mistral.", "bedrock"), ("us.", "bedrock"), ("eu.", "bedrock"), ("apac.", "bedrock"), ("global.", "bedrock"),
    ];

    private static readonly (string Part, string What)[] UnservedNames =
    [
        ("whisper", "audio transcription"), ("transcribe", "audio transcription"), ("tts", "audio speech"), ("dall-e", "image generation"), ("gpt-image", "image generation"), ("imagen", "image generation"),
        ("stable-diffusion", "image generation"), ("flux", "image generation"), ("nova-canvas", "image generation"), ("titan-image", "image generation"), ("sora-", "video generation"), ("veo-", "video generation"),
        ("rerank", "rerank"), ("-moderation", "moderation"), ("realtime", "realtime"), ("-ocr", "ocr"),
    ];
}
