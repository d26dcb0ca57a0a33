using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary><c>annotations</c> of an answer: <c>url_citation</c> is a citation that others can say; other types are kept as they stand.</summary>
internal static class ChatAnnotations
{
    private const string UrlCitation = "url_citation";

    /// <summary>Reads one.</summary>
    public static Citation Read(JsonElement annotation, WireFormatId format)
    {
        if (annotation.ValueKind != JsonValueKind.Object) throw new WireFormatException("annotations", "must hold objects");
        string type = annotation.Text("type"u8) ?? "";
        var notes = new NotesBuilder(format);
        if (type != UrlCitation || annotation.Get("url_citation"u8) is not { ValueKind: JsonValueKind.Object } source)
        {
            notes.Spell("~raw", annotation.GetRawText());
            return new Citation { Kind = type, Notes = notes.Build() };
        }
        notes.Spell("~own");
        notes.Sort(annotation, ChatMembers.Annotation);
        notes.Sort(source, ChatMembers.UrlCitation, "url_citation.");
        return new Citation
        {
            Kind = type,
            Url = source.Text("url"u8),
            Title = source.Text("title"u8),
            CitedText = source.Text("content"u8),
            StartIndex = (int?)source.Count("start_index"u8),
            EndIndex = (int?)source.Count("end_index"u8),
            Notes = notes.Build(),
        };
    }

    /// <summary>True when this format can name the source.</summary>
    public static bool CanWrite(Citation citation, WireFormatId format) => citation.Url is not null || citation.Notes?.Format == format;

    /// <summary>Writes one.</summary>
    /// <param name="output">The writer, inside the array.</param>
    /// <param name="citation">The source.</param>
    /// <param name="format">The format that is written.</param>
    /// <param name="start">First character of the text, where the citation does not say it.</param>
    /// <param name="end">One past the last.</param>
    public static void Write(Utf8JsonWriter output, Citation citation, WireFormatId format, int start, int end)
    {
        var members = new MemberWriter(output, citation.Notes, format);
        if (members.Spelling["~raw"] is { IsAbsent: false } raw)
        {
            raw.WriteTo(output);
            return;
        }
        bool own = citation.Notes?.Format == format;
        output.WriteStartObject();
        output.WriteString("type", UrlCitation);
        output.WriteStartObject(UrlCitation);
        var source = members.Nested(UrlCitation);
        source.Number("start_index", citation.StartIndex ?? (own ? null : start));
        source.Number("end_index", citation.EndIndex ?? (own ? null : end));
        source.Text("url", citation.Url);
        source.Text("title", citation.Title ?? (own ? null : ""));
        if (own) source.Text("content", citation.CitedText);
        source.Rest();
        output.WriteEndObject();
        members.Rest(UrlCitation);
        output.WriteEndObject();
    }
}
