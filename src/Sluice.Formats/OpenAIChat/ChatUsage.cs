using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>
/// <c>usage</c>: <c>prompt_tokens</c> includes cached tokens, <c>completion_tokens</c> includes reasoning (but for xAI, where the total shows that it does not).
/// Cached tokens have five names: <c>prompt_tokens_details.cached_tokens</c>, DeepSeek's <c>prompt_cache_hit_tokens</c>, Together's and Mistral's own.
/// </summary>
internal static class ChatUsage
{
    /// <summary>
    /// The usage of an answer or chunk, from the first place that has it: <c>usage</c>, Groq's <c>x_groq.usage</c>, Moonshot's <c>choices[].usage</c>, the
    /// <c>timings</c> of llama.cpp; <see langword="null"/> where there is none.
    /// </summary>
    public static Usage? ReadFrom(JsonElement answer, WireFormatId format)
    {
        var read = (Counts(answer) ?? Counts(answer.Get("x_groq"u8)) ?? OfChoices(answer)) is { } counts ? Read(counts, format) : OfTimings(answer.Get("timings"u8));
        return read is not null && ServiceTiers.Of(answer) is { } tier ? read with { ServiceTier = tier } : read;
    }

    /// <summary>Reads a usage object.</summary>
    public static Usage Read(JsonElement usage, WireFormatId format)
    {
        var prompt = usage.Get("prompt_tokens_details"u8) ?? default;
        var completion = usage.Get("completion_tokens_details"u8) ?? default;
        long? input = usage.Tokens("prompt_tokens"u8) ?? usage.Tokens("input_tokens"u8), output = usage.Tokens("completion_tokens"u8) ?? usage.Tokens("output_tokens"u8), total = usage.Tokens("total_tokens"u8);
        long? reasoning = completion.Tokens("reasoning_tokens"u8) ?? usage.Tokens("reasoning_tokens"u8);
        if (reasoning > 0 && input is not null && output is not null && total == input + output + reasoning) output += reasoning;
        return new Usage
        {
            InputTokens = input,
            OutputTokens = output,
            TotalTokens = total,
            CacheReadTokens = prompt.Tokens("cached_tokens"u8) ?? usage.Tokens("prompt_cache_hit_tokens"u8) ?? usage.Tokens("num_cached_tokens"u8) ?? usage.Tokens("cached_tokens"u8),
            CacheWriteTokens = prompt.Tokens("cache_write_tokens"u8) ?? usage.Tokens("cache_creation_input_tokens"u8),
            ReasoningTokens = reasoning,
            InputAudioTokens = prompt.Tokens("audio_tokens"u8),
            InputImageTokens = prompt.Tokens("image_tokens"u8),
            InputVideoTokens = prompt.Tokens("video_tokens"u8),
            CacheReadAudioTokens = prompt.Get("cached_tokens_details"u8)?.Tokens("audio_tokens"u8),
            OutputAudioTokens = completion.Tokens("audio_tokens"u8),
            OutputImageTokens = completion.Tokens("image_tokens"u8),
            AcceptedPredictionTokens = completion.Tokens("accepted_prediction_tokens"u8),
            RejectedPredictionTokens = completion.Tokens("rejected_prediction_tokens"u8),
            CitationTokens = usage.Tokens("citation_tokens"u8),
            ToolCalls = ReadToolCalls(usage),
            ProviderCost = ReadCost(usage),
            Raw = RawJson.From(usage),
            RawFormat = format,
        };
    }

    /// <summary>Writes the member <c>usage</c>: the provider's own object where it is of this format.</summary>
    public static void Write(Utf8JsonWriter output, Usage usage, WireFormatId format)
    {
        output.WritePropertyName("usage");
        if (usage.RawFormat == format && !usage.Raw.IsAbsent)
        {
            usage.Raw.WriteTo(output);
            return;
        }
        output.WriteStartObject();
        output.WriteNumber("prompt_tokens", usage.InputTokens ?? 0);
        output.WriteNumber("completion_tokens", usage.OutputTokens ?? 0);
        output.WriteNumber("total_tokens", (usage.InputTokens ?? 0) + (usage.OutputTokens ?? 0));
        long? written = usage.CacheWriteTokens is null && usage.CacheWrite1hTokens is null ? null : (usage.CacheWriteTokens ?? 0) + (usage.CacheWrite1hTokens ?? 0);
        WriteDetails(output, "prompt_tokens_details",
            ("cached_tokens", usage.CacheReadTokens), ("cache_write_tokens", written), ("audio_tokens", usage.InputAudioTokens), ("image_tokens", usage.InputImageTokens), ("video_tokens", usage.InputVideoTokens));
        WriteDetails(output, "completion_tokens_details",
            ("reasoning_tokens", usage.ReasoningTokens), ("audio_tokens", usage.OutputAudioTokens), ("image_tokens", usage.OutputImageTokens),
            ("accepted_prediction_tokens", usage.AcceptedPredictionTokens), ("rejected_prediction_tokens", usage.RejectedPredictionTokens));
        output.WriteEndObject();
    }

    private static JsonElement? Counts(JsonElement? owner) => owner?.Get("usage"u8) is { ValueKind: JsonValueKind.Object } counts && counts.GetPropertyCount() > 0 ? counts : null;

    // Of the whole answer, not of the one choice.
    private static JsonElement? OfChoices(JsonElement answer)
    {
        if (answer.Get("choices"u8) is not { ValueKind: JsonValueKind.Array } choices) return null;
        foreach (var choice in choices.EnumerateArray())
        {
            if ((Counts(choice) ?? Counts(choice.Get("delta"u8)) ?? Counts(choice.Get("message"u8))) is { } counts) return counts;
        }
        return null;
    }

    // `prompt_n` leaves out what the cache held.
    private static Usage? OfTimings(JsonElement? timings)
    {
        if (timings?.Tokens("prompt_n"u8) is not { } input || timings?.Tokens("predicted_n"u8) is not { } output) return null;
        long? cached = timings?.Tokens("cache_n"u8);
        return new Usage { InputTokens = input + (cached ?? 0), OutputTokens = output, CacheReadTokens = cached };
    }

    private static void WriteDetails(Utf8JsonWriter output, string name, params ReadOnlySpan<(string Name, long? Count)> counts)
    {
        bool any = false;
        foreach (var (member, count) in counts)
        {
            if (count is null) continue;
            if (!any) output.WriteStartObject(name);
            any = true;
            output.WriteNumber(member, count.Value);
        }
        if (any) output.WriteEndObject();
    }

    private static Dictionary<string, long>? ReadToolCalls(JsonElement usage)
    {
        long? searches = usage.Get("server_tool_use_details"u8)?.Tokens("web_search_requests"u8) ?? usage.Get("server_tool_use"u8)?.Tokens("web_search_requests"u8) ?? usage.Tokens("num_search_queries"u8);
        return searches > 0 ? new Dictionary<string, long>(StringComparer.Ordinal) { ["web_search"] = searches.Value } : null;
    }

    // A number at OpenRouter, an object with a total at Perplexity.
    private static decimal? ReadCost(JsonElement usage)
    {
        return usage.Get("cost"u8) is { ValueKind: JsonValueKind.Object } parts ? parts.Usd("total_cost"u8) : usage.Usd("cost"u8);
    }
}
