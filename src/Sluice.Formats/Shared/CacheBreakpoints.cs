using System.Text.Json;
using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.Shared;

/// <summary>OpenAI's own prompt-cache markers, one form for both of its formats: <c>"prompt_cache_breakpoint": {"mode": "explicit"}</c> on a part of the content.</summary>
internal static class CacheBreakpoints
{
    /// <summary>Its name.</summary>
    public const string Member = "prompt_cache_breakpoint";

    /// <summary>Whether a marker of another format can be said on a part. How long it lasts is the request's business at OpenAI.</summary>
    public static bool Takes(Part part, TranslationContext context, string path)
    {
        if (!context.TakesCacheBreakpoints || part is not (TextPart or MediaPart)) return false;
        if (part.Cache?.Ttl is not null) context.Losses.Dropped($"{path}.cache_control.ttl", "OpenAI's markers have no lifetime of their own");
        return true;
    }

    /// <summary>The content of a tool's result, whose own marker stands on its last part where the model knows markers on parts only.</summary>
    public static IReadOnlyList<Part> OnParts(ToolResultPart result, TranslationContext context) =>
        context.TakesCacheBreakpoints && result is { Cache: { } marker, Content: [.., TextPart or MediaPart] }
            ? [.. result.Content.SkipLast(1), result.Content[^1] with { Cache = marker }]
            : result.Content;

    /// <summary>Writes a marker into a part.</summary>
    public static void Write(Utf8JsonWriter output)
    {
        output.WriteStartObject(Member);
        output.WriteString("mode"u8, "explicit"u8);
        output.WriteEndObject();
    }
}
