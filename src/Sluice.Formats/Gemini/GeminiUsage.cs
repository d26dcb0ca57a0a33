using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>
/// <c>usageMetadata</c>. The total is prompt + tool-use prompt + candidates + thoughts; cached tokens are part of the prompt; thoughts are not part of
/// candidates. Any count may be absent where it is 0. Tool-use prompt (results of Google's own tools) is billed as input and counts as input here.
/// </summary>
internal static class GeminiUsage
{
    public static Usage Read(JsonElement json)
    {
        long? prompt = json.Tokens("promptTokenCount"u8), toolUse = json.Tokens("toolUsePromptTokenCount"u8), total = json.Tokens("totalTokenCount"u8);
        long? candidates = json.Tokens("candidatesTokenCount"u8), thoughts = json.Tokens("thoughtsTokenCount"u8);
        var input = new Modalities(json, "promptTokensDetails"u8, "toolUsePromptTokensDetails"u8);
        var output = new Modalities(json, "candidatesTokensDetails"u8, default);
        return new Usage
        {
            InputTokens = IsUnreadable(json, "promptTokenCount"u8, prompt) ? null : Sum(prompt, toolUse),
            OutputTokens = IsUnreadable(json, "candidatesTokenCount"u8, candidates) || IsUnreadable(json, "thoughtsTokenCount"u8, thoughts) ? null : Sum(candidates, thoughts) ?? (total is null ? null : 0),
            TotalTokens = total,
            CacheReadTokens = json.Tokens("cachedContentTokenCount"u8),
            ReasoningTokens = thoughts,
            InputAudioTokens = input.Audio,
            InputImageTokens = input.Image,
            InputVideoTokens = input.Video,
            CacheReadAudioTokens = new Modalities(json, "cacheTokensDetails"u8, default).Audio,
            OutputAudioTokens = output.Audio,
            OutputImageTokens = output.Image,
            ServiceTier = ServiceTier(json),
            Raw = RawJson.From(json),
            RawFormat = WireFormatId.GeminiGenerate,
        };
    }

    /// <summary>The class of service that <c>usageMetadata.serviceTier</c> names, in the neutral vocabulary.</summary>
    public static string? ServiceTier(JsonElement json) => json.Text("serviceTier"u8) is { } tier ? GeminiServiceTiers.ToNeutral(tier) : null;

    public static void Write(Utf8JsonWriter writer, Usage usage)
    {
        if (usage.RawFormat == WireFormatId.GeminiGenerate && !usage.Raw.IsAbsent)
        {
            usage.Raw.WriteTo(writer);
            return;
        }
        writer.WriteStartObject();
        writer.WriteNumber("promptTokenCount"u8, usage.InputTokens ?? 0);
        if (usage.CacheReadTokens is > 0) writer.WriteNumber("cachedContentTokenCount"u8, usage.CacheReadTokens.Value);
        writer.WriteNumber("candidatesTokenCount"u8, Math.Max(0, (usage.OutputTokens ?? 0) - (usage.ReasoningTokens ?? 0)));
        if (usage.ReasoningTokens is > 0) writer.WriteNumber("thoughtsTokenCount"u8, usage.ReasoningTokens.Value);
        writer.WriteNumber("totalTokenCount"u8, usage.TotalOrSum);
        WriteDetails(writer, "promptTokensDetails"u8, usage.InputTokens, usage.InputAudioTokens, usage.InputImageTokens, usage.InputVideoTokens);
        WriteDetails(writer, "cacheTokensDetails"u8, usage.CacheReadTokens, usage.CacheReadAudioTokens, null, null);
        WriteDetails(writer, "candidatesTokensDetails"u8, usage.OutputTokens - (usage.ReasoningTokens ?? 0), usage.OutputAudioTokens, usage.OutputImageTokens, null);
        writer.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long? all, long? audio, long? image, long? video)
    {
        if (audio is not > 0 && image is not > 0 && video is not > 0) return;
        writer.WriteStartArray(name);
        WriteDetail(writer, "TEXT"u8, (all ?? 0) - (audio ?? 0) - (image ?? 0) - (video ?? 0));
        WriteDetail(writer, "AUDIO"u8, audio);
        WriteDetail(writer, "IMAGE"u8, image);
        WriteDetail(writer, "VIDEO"u8, video);
        writer.WriteEndArray();
    }

    private static void WriteDetail(Utf8JsonWriter writer, ReadOnlySpan<byte> modality, long? count)
    {
        if (count is not > 0) return;
        writer.WriteStartObject();
        writer.WriteString("modality"u8, modality);
        writer.WriteNumber("tokenCount"u8, count.Value);
        writer.WriteEndObject();
    }

    // Absent is zero; what is there and no count is not told.
    private static bool IsUnreadable(JsonElement json, ReadOnlySpan<byte> name, long? read) => read is null && json.Get(name) is not null;

    private static long? Sum(long? a, long? b) => a is null ? b : b is null ? a : a + b;

    private struct Modalities
    {
        public Modalities(JsonElement usage, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
        {
            Add(usage, first);
            if (!second.IsEmpty) Add(usage, second);
        }

        public long? Audio { get; private set; }

        public long? Image { get; private set; }

        public long? Video { get; private set; }

        private void Add(JsonElement usage, ReadOnlySpan<byte> name)
        {
            if (usage.Get(name) is not { ValueKind: JsonValueKind.Array } details) return;
            foreach (var detail in details.EnumerateArray())
            {
                if (detail.Tokens("tokenCount"u8) is not { } count || detail.Get("modality"u8) is not { ValueKind: JsonValueKind.String } modality) continue;
                if (modality.ValueEquals("AUDIO"u8)) Audio = Sum(Audio, count);
                else if (modality.ValueEquals("IMAGE"u8)) Image = Sum(Image, count);
                else if (modality.ValueEquals("VIDEO"u8)) Video = Sum(Video, count);
            }
        }
    }
}
