using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;

namespace Sluice.Formats.Gemini;

/// <summary>
/// Counts the calls of Google's own tools that cost a fee. No usage object tells them: searches stand as <c>groundingMetadata.webSearchQueries</c> of the
/// candidates, where empty queries and those asked twice are not billed, and maps show as chunks that they gave.
/// </summary>
internal sealed class GeminiToolCalls
{
    private readonly HashSet<string> _queries = new(StringComparer.Ordinal);
    private bool _hasMaps;

    /// <summary>Counts what the candidates of a whole answer tell.</summary>
    public static Usage With(Usage usage, JsonElement? candidates)
    {
        if (candidates is not { } list) return usage;
        GeminiToolCalls? calls = null;
        foreach (var candidate in list.EnumerateArray())
        {
            if (candidate.Get("groundingMetadata"u8) is { ValueKind: JsonValueKind.Object } grounding) (calls ??= new GeminiToolCalls()).Add(grounding);
        }
        return calls?.With(usage) ?? usage;
    }

    /// <summary>Counts what one <c>groundingMetadata</c> tells.</summary>
    public void Add(JsonElement grounding)
    {
        if (grounding.Get("webSearchQueries"u8) is { ValueKind: JsonValueKind.Array } queries)
        {
            foreach (var query in queries.EnumerateArray())
            {
                if (query.ValueKind == JsonValueKind.String && query.GetString() is { Length: > 0 } text) _queries.Add(text);
            }
        }
        if (grounding.Get("groundingChunks"u8) is { ValueKind: JsonValueKind.Array } chunks) _hasMaps |= chunks.EnumerateArray().Any(c => c.Get("maps"u8) is not null);
    }

    /// <summary>The usage with these calls.</summary>
    public Usage With(Usage usage)
    {
        if (_queries.Count == 0 && !_hasMaps) return usage;
        var calls = new Dictionary<string, long>(StringComparer.Ordinal);
        if (_queries.Count > 0) calls["web_search"] = _queries.Count;
        if (_hasMaps) calls["google_maps"] = 1;
        return usage with { ToolCalls = calls };
    }
}
