using System.Collections.Frozen;
using Sluice.Wire;

namespace Sluice.Transforms.Texts;

/// <summary>The dialects whose texts are known: all that clients can speak.</summary>
internal static class DialectTexts
{
    private static readonly FrozenDictionary<WireFormatId, IDialectTexts> All = new Dictionary<WireFormatId, IDialectTexts>
    {
        [WireFormatId.OpenAIChat] = new ChatTexts(),
        [WireFormatId.OpenAICompletions] = new CompletionsTexts(),
        [WireFormatId.OpenAIResponses] = new ResponsesTexts(),
        [WireFormatId.OpenAIInputTokens] = new ResponsesTexts(),
        [WireFormatId.OpenAIEmbeddings] = new InputTexts(),
        [WireFormatId.AnthropicMessages] = new AnthropicTexts(thinkingIsSigned: true),
        [WireFormatId.AnthropicCountTokens] = new AnthropicTexts(thinkingIsSigned: true),
        [WireFormatId.GeminiGenerate] = new GeminiTexts(),
        [WireFormatId.GeminiCountTokens] = new GeminiTexts(),
        [WireFormatId.GeminiEmbed] = new GeminiTexts(),
        [WireFormatId.OllamaChat] = new OllamaTexts(),
        [WireFormatId.OllamaGenerate] = new OllamaTexts(),
        [WireFormatId.OllamaEmbed] = new InputTexts(),
    }.ToFrozenDictionary();

    private static readonly AnthropicTexts Unsigned = new(thinkingIsSigned: false);

    /// <summary>The names of these dialects.</summary>
    public static IEnumerable<string> Names => All.Keys.Select(id => id.Value);

    /// <summary>The texts of a dialect; <see langword="null"/> where they are not known.</summary>
    /// <param name="format">The client's dialect.</param>
    /// <param name="thinkingIsSigned">True where the provider signs reasoning and refuses it changed.</param>
    public static IDialectTexts? Of(WireFormatId format, bool thinkingIsSigned) => All.GetValueOrDefault(format) is not { } texts ? null : texts is AnthropicTexts && !thinkingIsSigned ? Unsigned : texts;
}
