using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>
/// Token counts. <c>input_tokens</c> leaves cached tokens out here; the neutral input has them in. Passes that only <c>iterations</c> lists
/// (compaction, advisor) stay in <see cref="Usage.Raw"/>.
/// </summary>
internal static class AnthropicUsage
{
    /// <summary>Reads a usage object.</summary>
    public static Usage Read(JsonElement usage) => Read(usage, RawJson.From(usage));

    /// <summary>Reads the usage of a stream: the later report's members replace those of the earlier one.</summary>
    public static Usage Merge(RawJson earlier, JsonElement later)
    {
        if (earlier.IsAbsent) return Read(later);
        using var document = JsonDocument.Parse(earlier.Utf8, Decoding.Pieces);
        var merged = JsonOutput.ToRaw((document.RootElement, later), static (writer, s) =>
        {
            writer.WriteStartObject();
            foreach (var member in s.RootElement.EnumerateObject())
            {
                if (s.later.Get(System.Text.Encoding.UTF8.GetBytes(member.Name)) is null) member.WriteTo(writer);
            }
            foreach (var member in s.later.EnumerateObject())
            {
                if (member.Value.ValueKind != JsonValueKind.Null || !s.RootElement.TryGetProperty(member.Name, out _)) member.WriteTo(writer);
            }
            writer.WriteEndObject();
        });
        using var whole = JsonDocument.Parse(merged.Utf8, Decoding.Pieces);
        return Read(whole.RootElement, merged);
    }

    /// <summary>Writes the usage of a whole answer or of <c>message_start</c>, with every member that the SDK's <c>Usage</c> requires.</summary>
    public static void WriteWhole(Utf8JsonWriter writer, Usage? usage, string? serviceTier)
    {
        writer.WriteStartObject();
        WriteCounts(writer, usage);
        if (usage is null || (usage.CacheWriteTokens is null && usage.CacheWrite1hTokens is null))
        {
            writer.WriteNull("cache_creation"u8);
        }
        else
        {
            writer.WriteStartObject("cache_creation"u8);
            writer.WriteNumber("ephemeral_5m_input_tokens"u8, usage.CacheWriteTokens ?? 0);
            writer.WriteNumber("ephemeral_1h_input_tokens"u8, usage.CacheWrite1hTokens ?? 0);
            writer.WriteEndObject();
        }
        writer.WriteNull("inference_geo"u8);
        if (serviceTier is "default" or "standard" or "auto") writer.WriteString("service_tier"u8, "standard"u8);
        else if (serviceTier is "priority" or "batch") writer.WriteString("service_tier"u8, serviceTier);
        else writer.WriteNull("service_tier"u8);
        writer.WriteNull("speed"u8);
        writer.WriteEndObject();
    }

    /// <summary>Writes the usage of <c>message_delta</c>, which is cumulative.</summary>
    public static void WriteDelta(Utf8JsonWriter writer, Usage? usage)
    {
        writer.WriteStartObject();
        WriteCounts(writer, usage);
        writer.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter writer, Usage? usage)
    {
        long read = usage?.CacheReadTokens ?? 0;
        long written = (usage?.CacheWriteTokens ?? 0) + (usage?.CacheWrite1hTokens ?? 0);
        writer.WriteNumber("input_tokens"u8, Math.Max(0, (usage?.InputTokens ?? 0) - read - written));
        writer.WriteNumber("cache_creation_input_tokens"u8, written);
        writer.WriteNumber("cache_read_input_tokens"u8, read);
        writer.WriteNumber("output_tokens"u8, usage?.OutputTokens ?? 0);
        WriteThinking(writer, usage?.ReasoningTokens);
        WriteServerTools(writer, usage?.ToolCalls);
    }

    private static void WriteThinking(Utf8JsonWriter writer, long? tokens)
    {
        if (tokens is null)
        {
            writer.WriteNull("output_tokens_details"u8);
            return;
        }
        writer.WriteStartObject("output_tokens_details"u8);
        writer.WriteNumber("thinking_tokens"u8, tokens.Value);
        writer.WriteEndObject();
    }

    private static void WriteServerTools(Utf8JsonWriter writer, IReadOnlyDictionary<string, long>? calls)
    {
        long searches = calls?.GetValueOrDefault("web_search") ?? 0, fetches = calls?.GetValueOrDefault("web_fetch") ?? 0;
        if (searches == 0 && fetches == 0)
        {
            writer.WriteNull("server_tool_use"u8);
            return;
        }
        writer.WriteStartObject("server_tool_use"u8);
        writer.WriteNumber("web_search_requests"u8, searches);
        writer.WriteNumber("web_fetch_requests"u8, fetches);
        writer.WriteEndObject();
    }

    private static Usage Read(JsonElement usage, RawJson raw)
    {
        long? read = usage.Tokens("cache_read_input_tokens"u8), written = usage.Tokens("cache_creation_input_tokens"u8), input = usage.Tokens("input_tokens"u8);
        long? hour = usage.Get("cache_creation"u8)?.Tokens("ephemeral_1h_input_tokens"u8);
        long? shorter = usage.Get("cache_creation"u8)?.Tokens("ephemeral_5m_input_tokens"u8);
        // A stream's last report grows the sum and does not repeat its split.
        if (written is { } sum) shorter = Math.Max(0, sum - (hour ?? 0));
        return new Usage
        {
            InputTokens = input is null ? null : input + (read ?? 0) + (shorter ?? 0) + (hour ?? 0),
            OutputTokens = usage.Tokens("output_tokens"u8),
            CacheReadTokens = read,
            CacheWriteTokens = shorter,
            CacheWrite1hTokens = hour,
            ReasoningTokens = usage.Get("output_tokens_details"u8)?.Tokens("thinking_tokens"u8),
            ToolCalls = ServerTools(usage.Get("server_tool_use"u8)),
            ServiceTier = ServiceTiers.Of(usage),
            Raw = raw,
            RawFormat = AnthropicNames.Id,
        };
    }

    // More searches than any answer makes.
    private const long MostCalls = 1_000_000;

    // {"web_search_requests": 2} counts the calls of the tool web_search.
    private static Dictionary<string, long>? ServerTools(JsonElement? counts)
    {
        if (counts is not { ValueKind: JsonValueKind.Object } value) return null;
        Dictionary<string, long>? calls = null;
        foreach (var member in value.EnumerateObject())
        {
            if (!member.Name.EndsWith("_requests", StringComparison.Ordinal) || member.Value.ValueKind != JsonValueKind.Number || !member.Value.TryGetInt64(out long count)) continue;
            (calls ??= new(StringComparer.Ordinal))[member.Name[..^"_requests".Length]] = Math.Clamp(count, 0, MostCalls);
        }
        return calls;
    }
}
