using System.Text.Json;
using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Pricing;

/// <summary>
/// Reads the usage objects of providers as they were recorded, by the format that they are written in. A codec reads the usage of a
/// live call itself; this is for recorded usage that is priced later.
/// </summary>
public static class UsageReader
{
    /// <summary>The names of all formats.</summary>
    public static IReadOnlyList<string> Formats { get; } =
    [
        "openai.chat", "openai.responses", "openai.realtime", "openai.embeddings", "groq.chat", "mistral.chat", "openrouter.chat", "anthropic.messages",
        "gemini.generateContent", "xai.chat", "deepseek.chat", "perplexity.chat", "cohere.v2", "cohere.rerank", "ollama.chat", "bedrock.converse", "voyage.embeddings",
    ];

    /// <summary>Reads a usage object.</summary>
    /// <param name="format">A name of <see cref="Formats"/>, or a wire format's name (<c>openai-chat</c>).</param>
    /// <param name="provider">The provider's name or vendor: several speak one wire format and count differently.</param>
    /// <param name="usage">The provider's own object.</param>
    /// <returns>What was read; <see langword="null"/> for an unknown format or where there is no object.</returns>
    public static RecordedUsage? Read(string format, string provider, JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object) return null;
        string name = Canonical(format, provider);
        var read = name switch
        {
            "openai.chat" or "groq.chat" or "mistral.chat" or "openrouter.chat" => OpenAIUsage.Chat(usage),
            "xai.chat" => OpenAIUsage.WithReasoningBeside(usage),
            "deepseek.chat" => OpenAIUsage.DeepSeek(usage),
            "perplexity.chat" => OpenAIUsage.Perplexity(usage),
            "openai.responses" => OpenAIUsage.Responses(usage),
            "openai.realtime" => OpenAIUsage.Realtime(usage),
            "voyage.embeddings" => new Usage { InputTokens = usage.Count("total_tokens") },
            "openai.embeddings" => new Usage { InputTokens = usage.Count("prompt_tokens") },
            "anthropic.messages" => OtherUsage.Anthropic(usage),
            "gemini.generateContent" => OtherUsage.Gemini(usage),
            "cohere.v2" => OtherUsage.Cohere(usage),
            "cohere.rerank" => OtherUsage.CohereRerank(usage),
            "ollama.chat" => OtherUsage.Ollama(usage),
            "bedrock.converse" => OtherUsage.Bedrock(usage),
            _ => null,
        };
        return read is null ? null : new RecordedUsage
        {
            Usage = read with { Raw = RawJson.From(usage), TotalTokens = usage.Count("total_tokens") ?? usage.Count("totalTokenCount") ?? usage.Count("totalTokens") },
            ServiceTier = usage.Text("service_tier") ?? usage.Text("serviceTier"),
            SearchContextSize = usage.Text("search_context_size"),
            Modifiers = Modifiers(usage),
        };
    }

    private static string Canonical(string format, string provider) => format switch
    {
        "openai-chat" => provider switch
        {
            "xai" => "xai.chat",
            "deepseek" => "deepseek.chat",
            "perplexity" => "perplexity.chat",
            _ => "openai.chat",
        },
        "openai-completions" => "openai.chat",
        "openai-responses" => "openai.responses",
        "openai-embeddings" => "openai.embeddings",
        "voyage-embeddings" => "voyage.embeddings",
        "mistral-chat" => "mistral.chat",
        "anthropic-messages" => "anthropic.messages",
        "gemini-generate" or "gemini-embed" => "gemini.generateContent",
        "cohere-chat" or "cohere-embed" => "cohere.v2",
        "ollama-chat" or "ollama-generate" or "ollama-embed" => "ollama.chat",
        "bedrock-converse" => "bedrock.converse",
        _ => format,
    };

    // Anthropic tells in the usage object what else the price depends on.
    private static Dictionary<string, string> Modifiers(JsonElement usage)
    {
        var modifiers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in (ReadOnlySpan<string>)["speed", "inference_geo"])
        {
            if (usage.Text(name) is { } value) modifiers[name] = value;
        }
        return modifiers;
    }
}

/// <summary>A recorded usage object, read.</summary>
public sealed record RecordedUsage
{
    /// <summary>The counts.</summary>
    public required Usage Usage { get; init; }

    /// <summary>The class of service that the object names; null where it names none.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>The size of the search context that the object names; null where it names none.</summary>
    public string? SearchContextSize { get; init; }

    /// <summary>What else changes the price.</summary>
    public required IReadOnlyDictionary<string, string> Modifiers { get; init; }
}
