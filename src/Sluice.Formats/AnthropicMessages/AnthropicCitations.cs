using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Citations of text blocks (the SDK's <c>TextCitation</c>).</summary>
internal static class AnthropicCitations
{
    /// <summary>Reads a citation.</summary>
    public static Citation Read(JsonElement citation, string path)
    {
        if (citation.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be an object with a type");
        string kind = citation.RequiredString("type"u8, path);
        var known = kind switch
        {
            "web_search_result_location" => AnthropicNames.Citation,
            "search_result_location" => AnthropicNames.SearchResultCitation,
            _ => AnthropicNames.DocumentCitation,
        };
        return new Citation
        {
            Kind = kind,
            Url = kind switch
            {
                "web_search_result_location" => citation.String("url"u8, path),
                "search_result_location" => citation.String("source"u8, path),
                _ => null,
            },
            Title = known == AnthropicNames.DocumentCitation ? citation.String("document_title"u8, path) : citation.String("title"u8, path),
            CitedText = citation.String("cited_text"u8, path),
            Notes = NotesBuilder.Of(AnthropicNames.Id, citation, known) ?? AnthropicNames.Origin,
        };
    }

    /// <summary>Writes a citation. One of another format becomes a web result or a place in a document, with every member that the SDK requires.</summary>
    public static void Write(Utf8JsonWriter writer, Citation citation)
    {
        writer.WriteStartObject();
        if (citation.Notes.Own() is { } own) WriteOwn(writer, citation, own);
        else if (citation.Url is not null) WriteWebResult(writer, citation);
        else WritePlace(writer, citation);
        writer.WriteEndObject();
    }

    private static void WriteOwn(Utf8JsonWriter writer, Citation citation, WireNotes own)
    {
        writer.WriteString("type"u8, citation.Kind);
        WriteIfSaid(writer, "cited_text", citation.CitedText);
        switch (citation.Kind)
        {
            case "web_search_result_location":
                WriteIfSaid(writer, "url", citation.Url);
                WriteIfSaid(writer, "title", citation.Title);
                break;
            case "search_result_location":
                WriteIfSaid(writer, "source", citation.Url);
                WriteIfSaid(writer, "title", citation.Title);
                break;
            default:
                WriteIfSaid(writer, "document_title", citation.Title);
                break;
        }
        foreach (var (name, json) in own.Fields)
        {
            writer.WritePropertyName(name);
            writer.WriteOneLine(json);
        }
    }

    private static void WriteWebResult(Utf8JsonWriter writer, Citation citation)
    {
        writer.WriteString("type"u8, "web_search_result_location"u8);
        writer.WriteString("cited_text"u8, citation.CitedText ?? "");
        writer.WriteString("encrypted_index"u8, ""u8);
        WriteOrNull(writer, "title", citation.Title);
        writer.WriteString("url"u8, citation.Url);
    }

    private static void WritePlace(Utf8JsonWriter writer, Citation citation)
    {
        writer.WriteString("type"u8, "char_location"u8);
        writer.WriteString("cited_text"u8, citation.CitedText ?? "");
        writer.WriteNumber("document_index"u8, 0);
        WriteOrNull(writer, "document_title", citation.Title);
        writer.WriteNumber("start_char_index"u8, 0);
        writer.WriteNumber("end_char_index"u8, 0);
        writer.WriteNull("file_id"u8);
    }

    private static void WriteIfSaid(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null) writer.WriteString(name, value);
    }

    private static void WriteOrNull(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is null) writer.WriteNull(name);
        else writer.WriteString(name, value);
    }
}
