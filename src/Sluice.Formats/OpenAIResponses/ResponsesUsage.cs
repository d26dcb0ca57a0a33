using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>Counts as this format nests them: cached and written tokens are part of the input, reasoning is part of the output.</summary>
internal static class ResponsesUsage
{
    /// <summary>Reads the usage of a response object: its counts, its class of service, and among its items the calls of the provider's own tools. Anything odd counts as not said.</summary>
    public static Usage? Read(JsonElement response)
    {
        if (response.Get("usage"u8) is not { ValueKind: JsonValueKind.Object } counts) return null;
        // Servers that are built on Chat Completions keep its names.
        var input = counts.Get("input_tokens_details"u8) ?? counts.Get("prompt_tokens_details"u8) ?? default;
        var made = counts.Get("output_tokens_details"u8) ?? counts.Get("completion_tokens_details"u8) ?? default;
        return new Usage
        {
            InputTokens = counts.Tokens("input_tokens"u8) ?? counts.Tokens("prompt_tokens"u8),
            OutputTokens = counts.Tokens("output_tokens"u8) ?? counts.Tokens("completion_tokens"u8),
            TotalTokens = counts.Tokens("total_tokens"u8),
            CacheReadTokens = input.Tokens("cached_tokens"u8),
            CacheWriteTokens = input.Tokens("cache_write_tokens"u8),
            InputAudioTokens = input.Tokens("audio_tokens"u8),
            InputImageTokens = input.Tokens("image_tokens"u8),
            ReasoningTokens = made.Tokens("reasoning_tokens"u8),
            OutputAudioTokens = made.Tokens("audio_tokens"u8),
            OutputImageTokens = made.Tokens("image_tokens"u8),
            ToolCalls = CountTools(response.Get("output"u8)),
            ServiceTier = ServiceTiers.Of(response),
            ProviderCost = counts.Usd("cost"u8),
            Raw = RawJson.From(counts),
            RawFormat = WireFormatId.OpenAIResponses,
        };
    }

    /// <summary>Writes the value of <c>usage</c>.</summary>
    public static void Write(Utf8JsonWriter json, Usage usage)
    {
        if (usage.RawFormat == WireFormatId.OpenAIResponses && !usage.Raw.IsAbsent)
        {
            usage.Raw.WriteTo(json);
            return;
        }
        long input = usage.InputTokens ?? 0, output = usage.OutputTokens ?? 0;
        json.WriteStartObject();
        json.WriteNumber("input_tokens"u8, input);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CacheReadTokens ?? 0);
        json.WriteNumber("cache_write_tokens"u8, (usage.CacheWriteTokens ?? 0) + (usage.CacheWrite1hTokens ?? 0));
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, output);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.ReasoningTokens ?? 0);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, usage.TotalTokens ?? (input + output));
        json.WriteEndObject();
    }

    private static Dictionary<string, long>? CountTools(JsonElement? output)
    {
        if (output is not { ValueKind: JsonValueKind.Array } items) return null;
        Dictionary<string, long>? counts = null;
        foreach (var item in items.EnumerateArray())
        {
            string? tool = item.Text("type"u8) switch
            {
                // Opening a page that was found is not another search (openapi.json, WebSearchToolCall.action).
                "web_search_call" => item.Get("action"u8)?.Text("type"u8) is null or "search" ? "web_search" : null,
                "file_search_call" => "file_search",
                "code_interpreter_call" => "code_interpreter",
                "image_generation_call" => "image_generation",
                _ => null,
            };
            if (tool is null) continue;
            counts ??= new Dictionary<string, long>(StringComparer.Ordinal);
            counts[tool] = counts.GetValueOrDefault(tool) + 1;
        }
        return counts;
    }
}
