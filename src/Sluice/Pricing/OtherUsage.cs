using System.Text.Json;
using Sluice.Chat;

namespace Sluice.Pricing;

/// <summary>The usage objects of providers with a shape of their own.</summary>
internal static class OtherUsage
{
    /// <summary>Anthropic: input_tokens excludes what was read from and written to the cache; thinking is inside output_tokens.</summary>
    public static Usage Anthropic(JsonElement json)
    {
        long? plain = json.Count("input_tokens"), read = json.Count("cache_read_input_tokens");
        long oneHour = json.Below("cache_creation").Count("ephemeral_1h_input_tokens") ?? 0;
        // The breakdown may be absent, or be there without the total; a write of unknown lifetime is one of five minutes.
        long fiveMinutes = Math.Max(json.Below("cache_creation").Count("ephemeral_5m_input_tokens") ?? 0, (json.Count("cache_creation_input_tokens") ?? 0) - oneHour);
        return new Usage
        {
            InputTokens = plain is null && read is null ? null : (plain ?? 0) + (read ?? 0) + fiveMinutes + oneHour,
            OutputTokens = json.Count("output_tokens"),
            CacheReadTokens = read,
            CacheWriteTokens = fiveMinutes,
            CacheWrite1hTokens = oneHour,
            ReasoningTokens = json.Below("output_tokens_details").Count("thinking_tokens"),
            ToolCalls = UsageJson.Calls(("web_search", json.Below("server_tool_use").Count("web_search_requests"))),
        };
    }

    /// <summary>Gemini: cached tokens are inside promptTokenCount; thoughts stand beside candidatesTokenCount, prompts of tools beside promptTokenCount.</summary>
    public static Usage Gemini(JsonElement json)
    {
        long? prompt = json.Count("promptTokenCount"), tool = json.Count("toolUsePromptTokenCount");
        long? candidates = json.Count("candidatesTokenCount"), thoughts = json.Count("thoughtsTokenCount");
        return new Usage
        {
            InputTokens = prompt is null && tool is null ? null : (prompt ?? 0) + (tool ?? 0),
            OutputTokens = candidates is null && thoughts is null ? null : (candidates ?? 0) + (thoughts ?? 0),
            CacheReadTokens = json.Count("cachedContentTokenCount"),
            CacheReadAudioTokens = Modality(json, "cacheTokensDetails", "AUDIO"),
            CacheReadImageTokens = Modality(json, "cacheTokensDetails", "IMAGE"),
            InputAudioTokens = Sum(Modality(json, "promptTokensDetails", "AUDIO"), Modality(json, "toolUsePromptTokensDetails", "AUDIO")),
            InputImageTokens = Sum(Modality(json, "promptTokensDetails", "IMAGE"), Modality(json, "toolUsePromptTokensDetails", "IMAGE")),
            InputVideoTokens = Sum(Modality(json, "promptTokensDetails", "VIDEO"), Modality(json, "toolUsePromptTokensDetails", "VIDEO")),
            ReasoningTokens = thoughts,
            OutputAudioTokens = Modality(json, "candidatesTokensDetails", "AUDIO"),
            OutputImageTokens = Modality(json, "candidatesTokensDetails", "IMAGE"),
        };
    }

    /// <summary>Cohere: billed_units are what is billed; tokens are what the model saw.</summary>
    public static Usage Cohere(JsonElement json)
    {
        var counts = json.Below("billed_units") is { ValueKind: JsonValueKind.Object } billed ? billed : json.Below("tokens");
        return new Usage
        {
            InputTokens = counts.Count("input_tokens"),
            OutputTokens = counts.Count("output_tokens"),
            InputImageTokens = counts.Count("image_tokens"),
            ToolCalls = UsageJson.Calls(("search", counts.Count("search_units"))),
        };
    }

    /// <summary>Cohere's ranking: billed by the search.</summary>
    public static Usage CohereRerank(JsonElement json) => new()
    {
        InputTokens = 0,
        OutputTokens = 0,
        ToolCalls = UsageJson.Calls(("search", json.Below("billed_units").Count("search_units"))),
    };

    /// <summary>Ollama: the prompt's count is left out when all of it came from the cache.</summary>
    public static Usage Ollama(JsonElement json) => new() { InputTokens = json.Count("prompt_eval_count"), OutputTokens = json.Count("eval_count") };

    /// <summary>Bedrock Converse: as Anthropic, inputTokens excludes the cache.</summary>
    public static Usage Bedrock(JsonElement json)
    {
        long? plain = json.Count("inputTokens"), read = json.Count("cacheReadInputTokens"), write = json.Count("cacheWriteInputTokens");
        return new Usage
        {
            InputTokens = plain is null && read is null && write is null ? null : (plain ?? 0) + (read ?? 0) + (write ?? 0),
            OutputTokens = json.Count("outputTokens"),
            CacheReadTokens = read,
            CacheWriteTokens = write,
        };
    }

    private static long? Modality(JsonElement json, string list, string modality)
    {
        if (json.Below(list) is not { ValueKind: JsonValueKind.Array } items) return null;
        long? sum = null;
        foreach (var item in items.EnumerateArray())
        {
            if (string.Equals(item.Text("modality"), modality, StringComparison.OrdinalIgnoreCase)) sum = (sum ?? 0) + (item.Count("tokenCount") ?? 0);
        }
        return sum;
    }

    private static long? Sum(long? a, long? b) => a is null ? b : a + (b ?? 0);
}
