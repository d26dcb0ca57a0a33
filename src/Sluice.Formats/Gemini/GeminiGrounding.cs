using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>
/// Sources: <c>groundingMetadata</c> (what Google's own tools found; supports point into the answer by UTF-8 bytes, a start of 0 is left out) and
/// <c>citationMetadata</c> (text that repeats a source). Both stay in the notes as they are, for there is more in them than sources.
/// </summary>
internal static class GeminiGrounding
{
    /// <summary>Gives the sources that a candidate's notes hold to the parts of text that they support.</summary>
    public static IReadOnlyList<Part> Cite(List<Part> parts, GeminiNotes notes)
    {
        if (notes.Field("groundingMetadata").IsAbsent && notes.Field("citationMetadata").IsAbsent) return parts;
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            if (part is TextPart p) text.Append(p.Text);
        }
        var citations = Read(notes.Field("groundingMetadata"), notes.Field("citationMetadata"), text.ToString());
        int last = parts.FindLastIndex(p => p is TextPart { Text.Length: > 0 });
        var starts = new List<int>();
        var places = new List<int>();
        int start = 0;
        for (int i = 0; i <= last; i++)
        {
            if (parts[i] is not TextPart { Text.Length: > 0 } part) continue;
            starts.Add(start);
            places.Add(i);
            start += part.Text.Length;
        }
        foreach (var mine in citations.Where(c => c.StartIndex is not { } at || (at >= 0 && at < start)).GroupBy(c => c.StartIndex is { } at ? PlaceOf(at, starts, places) : last))
        {
            if (mine.Key >= 0) parts[mine.Key] = (TextPart)parts[mine.Key] with { Citations = [.. mine] };
        }
        return parts;
    }

    private static int PlaceOf(int at, List<int> starts, List<int> places)
    {
        int found = starts.BinarySearch(at);
        return places[found >= 0 ? found : ~found - 1];
    }

    /// <summary>The sources, with places in the whole text of the answer.</summary>
    public static List<Citation> Read(RawJson grounding, RawJson citation, string text)
    {
        var citations = new List<Citation>();
        if (!grounding.IsAbsent) ReadGrounding(grounding.ToElement(), text, citations);
        if (!citation.IsAbsent) ReadCitations(citation.ToElement(), text, citations);
        return citations;
    }

    /// <summary>Writes sources of another format as <c>groundingMetadata</c>.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<Citation> citations, string text)
    {
        writer.WriteStartObject("groundingMetadata"u8);
        writer.WriteStartArray("groundingChunks"u8);
        foreach (var citation in citations) WriteChunk(writer, citation);
        writer.WriteEndArray();
        writer.WriteStartArray("groundingSupports"u8);
        var places = new Utf8Places(text);
        for (int i = 0; i < citations.Count; i++) WriteSupport(writer, citations[i], i, text, places);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void ReadGrounding(JsonElement grounding, string text, List<Citation> citations)
    {
        if (grounding.Get("groundingSupports"u8) is not { ValueKind: JsonValueKind.Array } supports || grounding.Get("groundingChunks"u8) is not { ValueKind: JsonValueKind.Array } chunks) return;
        Utf8Places? bytes = null;
        JsonElement[] all = [.. chunks.EnumerateArray()];
        foreach (var support in supports.EnumerateArray())
        {
            if (support.Get("groundingChunkIndices"u8) is not { ValueKind: JsonValueKind.Array } indices) continue;
            var (start, end) = support.Get("segment"u8) is { } segment ? Place(segment, text, bytes ??= new Utf8Places(text)) : (null, null);
            foreach (var index in indices.EnumerateArray())
            {
                if (index.ValueKind != JsonValueKind.Number || !index.TryGetInt32(out int at) || at < 0 || at >= all.Length) continue;
                citations.Add(Source(all[at]) with { StartIndex = start, EndIndex = end });
            }
        }
    }

    private static Citation Source(JsonElement chunk)
    {
        var source = chunk.Get("web"u8) ?? chunk.Get("retrievedContext"u8) ?? chunk.Get("maps"u8) ?? default;
        return new Citation { Kind = "grounding", Url = source.Text("uri"u8), Title = source.Text("title"u8), CitedText = source.Text("text"u8) };
    }

    // Supports were met whose offsets fit another text than the answer's: the words decide then.
    private static (int? Start, int? End) Place(JsonElement segment, string text, Utf8Places bytes)
    {
        long start = segment.Count("startIndex"u8) ?? 0, end = segment.Count("endIndex"u8) ?? 0;
        string? words = segment.Text("text"u8);
        if (start >= 0 && end > start && end <= bytes.Length)
        {
            int from = bytes.CharAt((int)start);
            int length = bytes.CharAt((int)end) - from;
            if (words is null || text.AsSpan(from, Math.Min(length, text.Length - from)).SequenceEqual(words)) return (from, from + length);
        }
        int found = words is { Length: > 0 } ? text.IndexOf(words, StringComparison.Ordinal) : -1;
        return found < 0 ? (null, null) : (found, found + words!.Length);
    }

    private static void ReadCitations(JsonElement metadata, string text, List<Citation> citations)
    {
        if ((metadata.Get("citations"u8) ?? metadata.Get("citationSources"u8)) is not { ValueKind: JsonValueKind.Array } sources) return;
        foreach (var source in sources.EnumerateArray())
        {
            long start = Math.Clamp(source.Count("startIndex"u8) ?? 0, 0, text.Length);
            long end = Math.Clamp(source.Count("endIndex"u8) ?? 0, start, text.Length);
            citations.Add(new Citation { Kind = "citation", Url = source.Text("uri"u8), Title = source.Text("title"u8), StartIndex = (int)start, EndIndex = (int)end });
        }
    }

    private static void WriteChunk(Utf8JsonWriter writer, Citation citation)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(citation.Url is null ? "retrievedContext"u8 : "web"u8);
        if (citation.Url is not null) writer.WriteString("uri"u8, citation.Url);
        if (citation.Title is not null) writer.WriteString("title"u8, citation.Title);
        if (citation.Url is null && citation.CitedText is not null) writer.WriteString("text"u8, citation.CitedText);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteSupport(Utf8JsonWriter writer, Citation citation, int chunk, string text, Utf8Places places)
    {
        int start = Math.Clamp(citation.StartIndex ?? 0, 0, text.Length), end = Math.Clamp(citation.EndIndex ?? text.Length, start, text.Length);
        writer.WriteStartObject();
        writer.WriteStartObject("segment"u8);
        if (start > 0) writer.WriteNumber("startIndex"u8, places.ByteAt(start));
        writer.WriteNumber("endIndex"u8, places.ByteAt(end));
        writer.WriteString("text"u8, text.AsSpan(start, end - start));
        writer.WriteEndObject();
        writer.WriteStartArray("groundingChunkIndices"u8);
        writer.WriteNumberValue(chunk);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
