using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.CohereChat;

/// <summary>
/// <c>usage</c> (and <c>meta</c> of embeddings): <c>tokens</c> is what the model processed, <c>billed_units</c> what is paid for, and the two differ a lot;
/// <c>cached_tokens</c> is part of <c>tokens.input_tokens</c>.
/// </summary>
internal static class CohereUsage
{
    /// <summary>Reads it from an answer, or from what ends a stream: <c>usage</c>, or <c>meta</c> as the first version of the API had it; <see langword="null"/> where there is none.</summary>
    public static Usage? ReadFrom(JsonElement answer) => Read(answer.Get("usage"u8) ?? answer.Get("meta"u8), WireFormatId.CohereChat);

    /// <summary>Reads it from the object that has it; <see langword="null"/> where there is none.</summary>
    public static Usage? Read(JsonElement? usage, WireFormatId format)
    {
        if (usage is not { ValueKind: JsonValueKind.Object } counts) return null;
        var tokens = counts.Get("tokens"u8) ?? default;
        var billed = counts.Get("billed_units"u8) ?? default;
        return new Usage
        {
            InputTokens = tokens.Tokens("input_tokens"u8) ?? billed.Tokens("input_tokens"u8),
            OutputTokens = tokens.Tokens("output_tokens"u8) ?? billed.Tokens("output_tokens"u8),
            CacheReadTokens = counts.Tokens("cached_tokens"u8),
            BilledInputTokens = billed.Tokens("input_tokens"u8),
            BilledOutputTokens = billed.Tokens("output_tokens"u8),
            ToolCalls = billed.Tokens("search_units"u8) is { } searches and > 0 ? new Dictionary<string, long>(StringComparer.Ordinal) { ["search_units"] = searches } : null,
            Raw = RawJson.From(counts),
            RawFormat = format,
        };
    }
}
