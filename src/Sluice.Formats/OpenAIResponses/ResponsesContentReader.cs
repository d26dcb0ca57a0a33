using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>Reads the content parts of messages and tool results.</summary>
internal static class ResponsesContentReader
{
    private static readonly HashSet<string> Text = ["text", "annotations"];
    private static readonly HashSet<string> Refusal = ["refusal"];
    private static readonly HashSet<string> Image = ["image_url", "file_id", "detail"];
    private static readonly HashSet<string> File = ["file_data", "file_url", "file_id", "filename"];
    private static readonly HashSet<string> Audio = ["input_audio"];
    private static readonly HashSet<string> Annotation = ["type", "url", "title", "start_index", "end_index"];

    /// <summary>The usual type of a text part of a role.</summary>
    public static string TextType(Role role) => role == Role.Assistant ? "output_text" : "input_text";

    /// <summary>Reads a list of parts.</summary>
    public static List<Part> ReadList(JsonElement list, Role role, string path)
    {
        var parts = new List<Part>(list.GetArrayLength());
        foreach (var part in list.EnumerateArray()) parts.Add(Read(part, role, $"{path}[{parts.Count}]"));
        return parts;
    }

    /// <summary>Reads one part.</summary>
    public static Part Read(JsonElement part, Role role, string path)
    {
        if (part.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be an object");
        string type = part.RequiredString("type"u8, path);
        return type switch
        {
            "input_text" or "output_text" or "text" => ReadText(part, role, path),
            "refusal" => new RefusalPart(part.RequiredString("refusal"u8, path)) { Notes = Notes(part, Refusal, "refusal").Build() },
            "input_image" => ReadImage(part, path),
            "input_file" => ReadFile(part, path),
            "input_audio" => ReadAudio(part, path),
            _ => new RawPart(WireFormatId.OpenAIResponses, type, RawJson.From(part)),
        };
    }

    /// <summary>Reads one annotation of a text.</summary>
    public static Citation ReadAnnotation(JsonElement annotation)
    {
        if (annotation.ValueKind != JsonValueKind.Object) throw new WireFormatException("annotations", "must hold objects");
        return new Citation
        {
            Kind = annotation.RequiredString("type"u8),
            Url = annotation.String("url"u8),
            Title = annotation.String("title"u8),
            StartIndex = annotation.Int32("start_index"u8),
            EndIndex = annotation.Int32("end_index"u8),
            Notes = ResponsesNotes.Read(annotation, Annotation).Build(),
        };
    }

    private static TextPart ReadText(JsonElement part, Role role, string path)
    {
        var notes = Notes(part, Text, TextType(role));
        IReadOnlyList<Citation> citations = [];
        if (part.Array("annotations"u8, path) is { } list)
        {
            if (list.GetArrayLength() == 0) notes.Silent("annotations", RawJson.From(list));
            else citations = [.. list.EnumerateArray().Select(ReadAnnotation)];
        }
        return new TextPart(part.RequiredString("text"u8, path)) { Citations = citations, Cache = Marker(part), Notes = notes.Build() };
    }

    private static MediaPart ReadImage(JsonElement part, string path)
    {
        var notes = Notes(part, Image, "input_image");
        MediaSource source =
            part.String("image_url"u8, path) is { } url ? Address("image_url", url, notes, path)
            : part.String("file_id"u8, path) is { Length: > 0 } id ? new FileMedia(id)
            : throw new WireFormatException(path, "has neither image_url nor file_id");
        return new MediaPart(MediaKind.Image, source) { Detail = part.String("detail"u8, path), Cache = Marker(part), Notes = notes.Build() };
    }

    private static MediaPart ReadFile(JsonElement part, string path)
    {
        var notes = Notes(part, File, "input_file");
        MediaSource source =
            part.String("file_data"u8, path) is { } data ? Address("file_data", data, notes, path, part.Text("filename"u8))
            : part.String("file_url"u8, path) is { } url ? Address("file_url", url, notes, path)
            : part.String("file_id"u8, path) is { Length: > 0 } id ? new FileMedia(id)
            : throw new WireFormatException(path, "has none of file_data, file_url and file_id");
        var kind = MediaKind.FromMediaType(source.MediaType);
        if (kind != MediaKind.Document) notes.Mark(ResponsesNotes.File);
        return new MediaPart(kind, source) { Title = part.String("filename"u8, path), Cache = Marker(part), Notes = notes.Build() };
    }

    // A spelling that the writer would not choose is kept: parameters in a data URL, bytes without its prefix, a data URL where an address is usual.
    private static MediaSource Address(string member, string url, ResponsesNotesBuilder notes, string path, string? name = null)
    {
        string place = $"{path}.{member}";
        if (member == "file_data" && !ReceivedMedia.IsDataUrl(url))
        {
            notes.Silent(member, new RawJson(JsonOutput.QuotedString(url)));
            return ReceivedMedia.Bytes(url, MediaSniffer.MediaTypeOfName(name ?? ""), place, ReceivedMedia.Untyped);
        }
        var source = ReceivedMedia.UrlOrBytes(url, place);
        if (source is InlineMedia { MediaType: { } type } inline && member != "file_url")
        {
            bool usual = url.Length == 13 + type.Length + inline.Base64.Length && url.AsSpan(5).StartsWith(type) && url.AsSpan(5 + type.Length).StartsWith(";base64,");
            if (!usual) notes.Silent(member, new RawJson(JsonOutput.QuotedString(url)));
            return inline;
        }
        if (source is InlineMedia) notes.Silent(member, new RawJson(JsonOutput.QuotedString(url)));
        return source;
    }

    private static MediaPart ReadAudio(JsonElement part, string path)
    {
        string place = $"{path}.input_audio";
        var audio = part.Object("input_audio"u8, path) ?? throw new WireFormatException(place, "is missing; an object is required");
        return new MediaPart(MediaKind.Audio, ReceivedMedia.Audio(audio, audio.String("format"u8, place), place))
        {
            Notes = Notes(part, Audio, "input_audio").Build(),
        };
    }

    // OpenAI's cache marks are prompt_cache_breakpoint objects on content parts (seen from OpenRouter's Responses API).
    private static CacheMarker? Marker(JsonElement part) => part.Get("prompt_cache_breakpoint"u8) is null ? null : new CacheMarker();

    private static ResponsesNotesBuilder Notes(JsonElement part, HashSet<string> known, string type) =>
        ResponsesNotes.Read(part, known, type, static (name, _) => name is "logprobs" or "prompt_cache_breakpoint");
}
