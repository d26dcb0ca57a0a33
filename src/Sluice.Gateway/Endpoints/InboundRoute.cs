using Sluice.Formats;
using Sluice.Wire;

namespace Sluice.Gateway.Endpoints;

/// <summary>Which endpoint of which format a path is.</summary>
/// <param name="Format">The format.</param>
/// <param name="PathModel">The model that the path names; <see langword="null"/> where the body names it.</param>
internal readonly record struct InboundRoute(IWireFormat Format, string? PathModel)
{
    // models/ may be left out before a provider/model: the AI SDK does so for every name that has a slash.
    private static readonly string[] GeminiPrefixes = ["/v1beta/", "/v1/", "/v1alpha/"];
    private const string Models = "models/";

    private static readonly Dictionary<string, WireFormatId> Exact = new(StringComparer.Ordinal)
    {
        ["/v1/chat/completions"] = WireFormatId.OpenAIChat,
        ["/chat/completions"] = WireFormatId.OpenAIChat,
        ["/v1/completions"] = WireFormatId.OpenAICompletions,
        ["/completions"] = WireFormatId.OpenAICompletions,
        ["/v1/embeddings"] = WireFormatId.OpenAIEmbeddings,
        ["/embeddings"] = WireFormatId.OpenAIEmbeddings,
        ["/v1/responses"] = WireFormatId.OpenAIResponses,
        ["/responses"] = WireFormatId.OpenAIResponses,
        ["/v1/responses/input_tokens"] = WireFormatId.OpenAIInputTokens,
        ["/responses/input_tokens"] = WireFormatId.OpenAIInputTokens,
        ["/v1/messages"] = WireFormatId.AnthropicMessages,
        ["/v1/messages/count_tokens"] = WireFormatId.AnthropicCountTokens,
        ["/api/chat"] = WireFormatId.OllamaChat,
        ["/api/generate"] = WireFormatId.OllamaGenerate,
        ["/api/embed"] = WireFormatId.OllamaEmbed,
        ["/api/embeddings"] = WireFormatId.OllamaEmbeddings,
    };

    private static readonly Dictionary<string, InboundRoute> Routes = Exact
        .Select(e => (e.Key, Format: WireFormats.Find(e.Value)))
        .Where(e => e.Format is not null)
        .ToDictionary(e => e.Key, e => new InboundRoute(e.Format!, null), StringComparer.Ordinal);

    /// <summary>The paths of calls that name no model.</summary>
    public static IEnumerable<string> Paths => Routes.Keys;

    /// <summary>Finds the endpoint of a path; <see langword="null"/> where there is none.</summary>
    public static InboundRoute? Match(string path)
    {
        if (Routes.TryGetValue(path, out var exact)) return exact;
        foreach (string prefix in GeminiPrefixes)
        {
            if (path.StartsWith(prefix, StringComparison.Ordinal) && Gemini(path, prefix) is { } gemini) return gemini;
        }
        return path.Length > 1 && path[^1] == '/' ? Match(path[..^1]) : null;
    }

    // [models/]{model}:{method}, tunedModels/{model}:{method}; the model may hold slashes (provider/model) and, with Ollama's names, colons.
    private static InboundRoute? Gemini(string path, string prefix)
    {
        int colon = path.LastIndexOf(':');
        if (colon < prefix.Length) return null;
        WireFormatId? id = path[(colon + 1)..] switch
        {
            "generateContent" or "streamGenerateContent" => WireFormatId.GeminiGenerate,
            "countTokens" => WireFormatId.GeminiCountTokens,
            "embedContent" or "batchEmbedContents" => WireFormatId.GeminiEmbed,
            _ => null,
        };
        if (id is not { } known || WireFormats.Find(known) is not { } format) return null;
        string name = path[prefix.Length..colon];
        if (name.StartsWith(Models, StringComparison.Ordinal)) name = name[Models.Length..];
        return name.Length == 0 ? null : new InboundRoute(format, Uri.UnescapeDataString(name));
    }
}
