namespace Sluice.Wire;

/// <summary>The name of a wire format: one provider API as bytes. An open value.</summary>
public readonly record struct WireFormatId(string Value)
{
    /// <summary>OpenAI Chat Completions, <c>POST /v1/chat/completions</c>.</summary>
    public static WireFormatId OpenAIChat { get; } = new("openai-chat");

    /// <summary>OpenAI legacy completions, <c>POST /v1/completions</c>.</summary>
    public static WireFormatId OpenAICompletions { get; } = new("openai-completions");

    /// <summary>OpenAI Responses, <c>POST /v1/responses</c>.</summary>
    public static WireFormatId OpenAIResponses { get; } = new("openai-responses");

    /// <summary>OpenAI embeddings, <c>POST /v1/embeddings</c>.</summary>
    public static WireFormatId OpenAIEmbeddings { get; } = new("openai-embeddings");

    /// <summary>Anthropic Messages, <c>POST /v1/messages</c>.</summary>
    public static WireFormatId AnthropicMessages { get; } = new("anthropic-messages");

    /// <summary>Anthropic token counting, <c>POST /v1/messages/count_tokens</c>.</summary>
    public static WireFormatId AnthropicCountTokens { get; } = new("anthropic-count-tokens");

    /// <summary>Gemini <c>generateContent</c> and <c>streamGenerateContent</c>.</summary>
    public static WireFormatId GeminiGenerate { get; } = new("gemini-generate");

    /// <summary>Gemini <c>countTokens</c>.</summary>
    public static WireFormatId GeminiCountTokens { get; } = new("gemini-count-tokens");

    /// <summary>Gemini <c>embedContent</c> and <c>batchEmbedContents</c>.</summary>
    public static WireFormatId GeminiEmbed { get; } = new("gemini-embed");

    /// <summary>Vertex AI <c>predict</c> of embedding models.</summary>
    public static WireFormatId VertexPredict { get; } = new("vertex-predict");

    /// <summary>Ollama <c>POST /api/chat</c>.</summary>
    public static WireFormatId OllamaChat { get; } = new("ollama-chat");

    /// <summary>Ollama <c>POST /api/generate</c>.</summary>
    public static WireFormatId OllamaGenerate { get; } = new("ollama-generate");

    /// <summary>Ollama <c>POST /api/embed</c>.</summary>
    public static WireFormatId OllamaEmbed { get; } = new("ollama-embed");

    /// <summary>Ollama <c>POST /api/embeddings</c>, the endpoint before <c>/api/embed</c>.</summary>
    public static WireFormatId OllamaEmbeddings { get; } = new("ollama-embeddings");

    /// <summary>Cohere <c>POST /v2/chat</c>.</summary>
    public static WireFormatId CohereChat { get; } = new("cohere-chat");

    /// <summary>Cohere <c>POST /v2/embed</c>.</summary>
    public static WireFormatId CohereEmbed { get; } = new("cohere-embed");

    /// <summary>Voyage <c>POST /v1/embeddings</c>.</summary>
    public static WireFormatId VoyageEmbeddings { get; } = new("voyage-embeddings");

    /// <summary>Mistral <c>POST /v1/chat/completions</c>: Chat Completions with differences of its own.</summary>
    public static WireFormatId MistralChat { get; } = new("mistral-chat");

    /// <summary>Amazon Bedrock <c>Converse</c> and <c>ConverseStream</c>.</summary>
    public static WireFormatId BedrockConverse { get; } = new("bedrock-converse");

    /// <summary>Anthropic Messages bodies through Amazon Bedrock's <c>invoke</c> and <c>invoke-with-response-stream</c>.</summary>
    public static WireFormatId BedrockInvokeAnthropic { get; } = new("bedrock-invoke-anthropic");

    /// <summary>Amazon's Titan embeddings through Bedrock's <c>invoke</c>.</summary>
    public static WireFormatId BedrockTitanEmbed { get; } = new("bedrock-titan-embed");

    /// <summary>Amazon's Nova embeddings through Bedrock's <c>invoke</c>.</summary>
    public static WireFormatId BedrockNovaEmbed { get; } = new("bedrock-nova-embed");

    /// <summary>Cohere's embeddings through Bedrock's <c>invoke</c>.</summary>
    public static WireFormatId BedrockCohereEmbed { get; } = new("bedrock-cohere-embed");

    /// <summary>Amazon Bedrock <c>CountTokens</c>.</summary>
    public static WireFormatId BedrockCountTokens { get; } = new("bedrock-count-tokens");

    /// <summary>OpenAI token counting, <c>POST /v1/responses/input_tokens</c>.</summary>
    public static WireFormatId OpenAIInputTokens { get; } = new("openai-input-tokens");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
