using System.Collections.Frozen;
using Sluice.Wire;

namespace Sluice.Formats;

/// <summary>Every wire format that this assembly speaks: one line each.</summary>
public static class WireFormats
{
    /// <summary>All formats.</summary>
    public static IReadOnlyList<IWireFormat> All { get; } =
    [
        new OllamaChat.OllamaChatFormat(),
        new OllamaGenerate.OllamaGenerateFormat(),
        new OllamaEmbed.OllamaEmbedFormat(),
        new OllamaEmbeddings.OllamaEmbeddingsFormat(),
        new AnthropicMessages.AnthropicMessagesFormat(),
        new AnthropicCountTokens.AnthropicCountTokensFormat(),
        new BedrockConverse.BedrockConverseFormat(),
        new BedrockInvokeAnthropic.BedrockInvokeAnthropicFormat(),
        new BedrockCountTokens.BedrockCountTokensFormat(),
        new BedrockEmbed.TitanEmbedFormat(),
        new BedrockEmbed.NovaEmbedFormat(),
        new BedrockEmbed.CohereOnBedrockFormat(),
        new OpenAIResponses.OpenAIResponsesFormat(),
        new OpenAIInputTokens.OpenAIInputTokensFormat(),
        new Gemini.GeminiGenerateFormat(),
        new Gemini.GeminiCountTokensFormat(),
        new Gemini.GeminiEmbedFormat(),
        new VertexPredict.VertexPredictFormat(),
        new OpenAIChat.OpenAIChatFormat(),
        new CohereChat.CohereChatFormat(),
        new CohereEmbed.CohereEmbedFormat(),
        new OpenAICompletions.OpenAICompletionsFormat(),
        new OpenAIEmbeddings.OpenAIEmbeddingsFormat(),
        new MistralChat.MistralChatFormat(),
        new VoyageEmbeddings.VoyageEmbeddingsFormat(),
    ];

    /// <summary>The neutral names of all request parameters that any format has.</summary>
    public static IReadOnlySet<string> Parameters { get; } = All.SelectMany(f => f.Parameters.Parameters).ToFrozenSet(StringComparer.Ordinal);

    private static FrozenDictionary<WireFormatId, IWireFormat> ById { get; } = All.ToFrozenDictionary(f => f.Id);

    /// <summary>Finds a format by its name; <see langword="null"/> for an unknown one.</summary>
    public static IWireFormat? Find(WireFormatId id) => ById.GetValueOrDefault(id);

    /// <summary>Finds a format in the role that <typeparamref name="T"/> names.</summary>
    public static T? Find<T>(WireFormatId id)
        where T : class, IWireFormat => Find(id) as T;
}
