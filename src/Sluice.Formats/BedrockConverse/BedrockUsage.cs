using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.BedrockConverse;

/// <summary>Token counts: <c>inputTokens</c> leaves cached tokens out, <c>totalTokens</c> has them in.</summary>
internal static class BedrockUsage
{
    /// <summary>Reads the usage of an answer or of a stream's <c>metadata</c>, with the class of service beside it; <see langword="null"/> where there is none.</summary>
    public static Usage? ReadFrom(JsonElement answer) =>
        answer.Get("usage"u8) is { ValueKind: JsonValueKind.Object } usage ? Read(usage) with { ServiceTier = answer.Get("serviceTier"u8)?.Text("type"u8) } : null;

    /// <summary>Reads a usage object.</summary>
    public static Usage Read(JsonElement usage)
    {
        long? read = usage.Tokens("cacheReadInputTokens"u8) ?? usage.Tokens("cacheReadInputTokenCount"u8);
        long? written = usage.Tokens("cacheWriteInputTokens"u8) ?? usage.Tokens("cacheWriteInputTokenCount"u8);
        long? input = usage.Tokens("inputTokens"u8), hour = WrittenForAnHour(usage);
        return new Usage
        {
            InputTokens = input is null ? null : input + (read ?? 0) + (written ?? 0),
            OutputTokens = usage.Tokens("outputTokens"u8),
            TotalTokens = usage.Tokens("totalTokens"u8),
            CacheReadTokens = read,
            CacheWriteTokens = written is null ? null : Math.Max(0, written.Value - (hour ?? 0)),
            CacheWrite1hTokens = hour,
            Raw = RawJson.From(usage),
            RawFormat = WireFormatId.BedrockConverse,
        };
    }

    // cacheDetails: [{"inputTokens": 1111, "ttl": "5m"}]
    private static long? WrittenForAnHour(JsonElement usage)
    {
        if (usage.Get("cacheDetails"u8) is not { ValueKind: JsonValueKind.Array } details) return null;
        long hour = 0;
        foreach (var detail in details.EnumerateArray())
        {
            if (detail.Text("ttl"u8) == "1h") hour += detail.Tokens("inputTokens"u8) ?? 0;
        }
        return hour;
    }
}
