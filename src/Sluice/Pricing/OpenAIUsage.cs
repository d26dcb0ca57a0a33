using System.Text.Json;
using Sluice.Chat;

namespace Sluice.Pricing;

/// <summary>The usage objects of OpenAI and of those who took over its shape, each with its own nesting.</summary>
internal static class OpenAIUsage
{
    /// <summary>Cached, cache-writing and audio tokens are inside prompt_tokens; reasoning and audio inside completion_tokens.</summary>
    public static Usage Chat(JsonElement json)
    {
        var input = json.Below("prompt_tokens_details");
        var output = json.Below("completion_tokens_details");
        return new Usage
        {
            InputTokens = json.Count("prompt_tokens"),
            OutputTokens = json.Count("completion_tokens"),
            CacheReadTokens = input.Count("cached_tokens"),
            CacheWriteTokens = input.Count("cache_write_tokens"),
            InputAudioTokens = input.Count("audio_tokens"),
            InputImageTokens = input.Count("image_tokens"),
            InputVideoTokens = input.Count("video_tokens"),
            ReasoningTokens = output.Count("reasoning_tokens"),
            OutputAudioTokens = output.Count("audio_tokens"),
            OutputImageTokens = output.Count("image_tokens"),
            AcceptedPredictionTokens = output.Count("accepted_prediction_tokens"),
            RejectedPredictionTokens = output.Count("rejected_prediction_tokens"),
            ProviderCost = json.Usd("cost"),
        };
    }

    /// <summary>xAI: reasoning stands beside completion_tokens.</summary>
    public static Usage WithReasoningBeside(JsonElement json)
    {
        var usage = Chat(json);
        return usage with { OutputTokens = usage.OutputTokens is null && usage.ReasoningTokens is null ? null : (usage.OutputTokens ?? 0) + (usage.ReasoningTokens ?? 0) };
    }

    /// <summary>DeepSeek: its older name for cached tokens is the one that is always there.</summary>
    public static Usage DeepSeek(JsonElement json)
    {
        var usage = Chat(json);
        return usage with { CacheReadTokens = json.Count("prompt_cache_hit_tokens") ?? usage.CacheReadTokens };
    }

    /// <summary>Perplexity: reasoning and citations stand beside completion_tokens; searches are counted.</summary>
    public static Usage Perplexity(JsonElement json)
    {
        long? reasoning = json.Count("reasoning_tokens"), citation = json.Count("citation_tokens"), output = json.Count("completion_tokens");
        return Chat(json) with
        {
            OutputTokens = output is null && reasoning is null && citation is null ? null : (output ?? 0) + (reasoning ?? 0) + (citation ?? 0),
            ReasoningTokens = reasoning,
            CitationTokens = citation,
            ToolCalls = UsageJson.Calls(("web_search", json.Count("num_search_queries"))),
            ProviderCost = json.Below("cost").Usd("total_cost"),
        };
    }

    /// <summary>Responses: everything is inside the totals.</summary>
    public static Usage Responses(JsonElement json)
    {
        var input = json.Below("input_tokens_details");
        return new Usage
        {
            InputTokens = json.Count("input_tokens"),
            OutputTokens = json.Count("output_tokens"),
            CacheReadTokens = input.Count("cached_tokens"),
            CacheWriteTokens = input.Count("cache_write_tokens"),
            InputAudioTokens = input.Count("audio_tokens"),
            InputImageTokens = input.Count("image_tokens"),
            ReasoningTokens = json.Below("output_tokens_details").Count("reasoning_tokens"),
            OutputImageTokens = json.Below("output_tokens_details").Count("image_tokens"),
        };
    }

    /// <summary>Realtime: what was cached is told by modality.</summary>
    public static Usage Realtime(JsonElement json)
    {
        var input = json.Below("input_token_details");
        var cached = input.Below("cached_tokens_details");
        return new Usage
        {
            InputTokens = json.Count("input_tokens"),
            OutputTokens = json.Count("output_tokens"),
            CacheReadTokens = input.Count("cached_tokens"),
            CacheReadAudioTokens = cached.Count("audio_tokens"),
            CacheReadImageTokens = cached.Count("image_tokens"),
            InputAudioTokens = input.Count("audio_tokens"),
            InputImageTokens = input.Count("image_tokens"),
            OutputAudioTokens = json.Below("output_token_details").Count("audio_tokens"),
        };
    }
}
