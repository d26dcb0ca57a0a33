using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Reads <c>content</c>: a string, or a list of typed parts (OpenAI's, OpenRouter's <c>video_url</c>, Mistral's <c>thinking</c> and <c>document_url</c>).</summary>
internal sealed class ChatContentReader(ChatDialect dialect)
{
    /// <summary>Adds the parts of a message's content.</summary>
    /// <param name="content">The value.</param>
    /// <param name="parts">Where they go.</param>
    /// <param name="notes">The message's notes, which remember that the content was a list.</param>
    /// <param name="member">The content's name in the notes.</param>
    /// <param name="path">Where the content stands, for faults.</param>
    public void Read(JsonElement content, List<Part> parts, NotesBuilder notes, string member, string path)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                parts.Add(new TextPart(content.GetString()!));
                break;
            case JsonValueKind.Array:
                if (content.GetArrayLength() > 0) notes.Spell(member, "[]");
                int index = 0;
                foreach (var item in content.EnumerateArray()) parts.Add(ReadPart(item, $"{path}[{index++}]"));
                break;
            case JsonValueKind.Null:
                break;
            default:
                throw new WireFormatException(path, "must be a string or a list of parts");
        }
    }

    private Part ReadPart(JsonElement item, string path)
    {
        if (item.ValueKind == JsonValueKind.String) return new TextPart(item.GetString()!) { Notes = new NotesBuilder(dialect.Id).Spell("~bare").Build() };
        if (item.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be an object");
        string type = item.RequiredString("type"u8, path);
        var notes = new NotesBuilder(dialect.Id);
        notes.Sort(item, ChatMembers.ContentPart);
        var part = ReadKnown(type, item, notes, path);
        if (part is null) return new RawPart(dialect.Id, type, RawJson.From(item));
        return part with { Cache = ChatCache.Read(item, notes), Notes = notes.Build() };
    }

    private Part? ReadKnown(string type, JsonElement item, NotesBuilder notes, string path)
    {
        switch (type)
        {
            case "text" or "input_text" or "output_text":
                if (type != "text") notes.Spell("~type", $"\"{type}\"");
                return new TextPart(item.RequiredString("text"u8, path));
            case "refusal":
                return new RefusalPart(item.RequiredString("refusal"u8, path));
            case "image_url":
                return ReadUrl(item, "image_url", MediaKind.Image, notes, path);
            case "video_url":
                return ReadUrl(item, "video_url", MediaKind.Video, notes, path);
            case "input_audio":
                return ReadAudio(item, notes, path);
            case "file":
                return ReadFile(item, notes, path);
            case "document_url":
                return new MediaPart(MediaKind.Document, ReceivedMedia.UrlOrBytes(item.RequiredString("document_url"u8, path), $"{path}.document_url")) { Title = item.String("document_name"u8, path) };
            case "thinking" when item.Get("thinking"u8) is { ValueKind: JsonValueKind.Array or JsonValueKind.String }:
                return ReadThinking(item, notes);
            default:
                return null;
        }
    }

    // The address stands in an object with `detail`, or alone as a string (Mistral, and clients that take the short way).
    private static MediaPart ReadUrl(JsonElement item, string member, MediaKind kind, NotesBuilder notes, string path)
    {
        var value = item.TryGetProperty(member, out var given) ? given : default;
        string url, place = $"{path}.{member}";
        string? detail = null;
        if (value.ValueKind == JsonValueKind.String)
        {
            notes.Spell($"~{member}");
            url = value.GetString()!;
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            notes.Sort(value, ChatMembers.Url, $"{member}.");
            url = value.RequiredString("url"u8, place);
            detail = value.String("detail"u8, place);
            place += ".url";
        }
        else
        {
            throw new WireFormatException(place, "must be an object with a url");
        }
        return new MediaPart(kind, ToSource(url, notes, place)) { Detail = detail };
    }

    private MediaPart ReadAudio(JsonElement item, NotesBuilder notes, string path)
    {
        var value = item.Get("input_audio"u8) ?? throw new WireFormatException($"{path}.input_audio", "is missing; an object is required");
        if (value.ValueKind == JsonValueKind.String)
        {
            notes.Spell("~input_audio");
            string text = value.GetString()!;
            return new MediaPart(MediaKind.Audio, text.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? ReceivedMedia.Address(text, $"{path}.input_audio") : DataUrlOrBytes(text, null, notes, $"{path}.input_audio"));
        }
        if (value.ValueKind != JsonValueKind.Object) throw new WireFormatException($"{path}.input_audio", "must be an object");
        notes.Sort(value, ChatMembers.InputAudio, "input_audio.");
        string? format = value.String("format"u8, $"{path}.input_audio");
        if (format is not null) notes.Spell("~format", JsonSerialize(format));
        return new MediaPart(MediaKind.Audio, ReceivedMedia.Audio(value, format, $"{path}.input_audio"));
    }

    private MediaPart ReadFile(JsonElement item, NotesBuilder notes, string path)
    {
        var file = item.Object("file"u8, path);
        string within = $"{path}.file";
        if (file is { } value) notes.Sort(value, ChatMembers.File, "file.");
        string? title = file?.String("filename"u8, within);
        string? data = file?.String("file_data"u8, within);
        string? id = file?.String("file_id"u8, within) ?? item.String("file_id"u8, path);
        MediaSource source = (data, id) switch
        {
            (not null, _) when data.StartsWith("http", StringComparison.OrdinalIgnoreCase) => ReceivedMedia.Address(data, $"{within}.file_data"),
            (not null, _) => DataUrlOrBytes(data, MediaSniffer.MediaTypeOfName(title ?? ""), notes, $"{within}.file_data"),
            (_, { Length: > 0 }) => new FileMedia(id),
            _ => throw new WireFormatException(within, "needs file_data or file_id"),
        };
        if (data is not null && id is not null) notes.Keep("file.file_id", RawJson.From(file!.Value.GetProperty("file_id")));
        var kind = source.MediaType is { } type ? MediaKind.FromMediaType(type) : MediaKind.Document;
        if (kind != MediaKind.Document) notes.Spell("~type", "\"file\"");
        return new MediaPart(kind, source) { Title = title };
    }

    private static ReasoningPart ReadThinking(JsonElement item, NotesBuilder notes)
    {
        var thinking = item.GetProperty("thinking");
        string signature = item.Text("signature"u8) ?? "";
        notes.Spell("~thinking_part");
        bool plain = thinking.ValueKind == JsonValueKind.Array && thinking.EnumerateArray().All(IsPlainText) && thinking.GetArrayLength() == 1;
        if (!plain) notes.Spell("~thinking", thinking.GetRawText());
        string text = thinking.ValueKind == JsonValueKind.String ? thinking.GetString()! : string.Concat(thinking.EnumerateArray().Select(t => t.Text("text"u8) ?? ""));
        return new ReasoningPart(text) { Signature = signature.Length > 0 ? SignatureEnvelope.Read(signature, "mistral") : null };
    }

    private static bool IsPlainText(JsonElement item) => item.ValueKind == JsonValueKind.Object && item.GetPropertyCount() == 2 && item.Text("type"u8) == "text" && item.Text("text"u8) is { Length: > 0 };

    private static MediaSource ToSource(string url, NotesBuilder notes, string path)
    {
        var source = ReceivedMedia.UrlOrBytes(url, path);
        if (source is InlineMedia inline && !IsCanonical(url, inline)) notes.Spell("~url", JsonSerialize(url));
        return source;
    }

    private MediaSource DataUrlOrBytes(string text, string? mediaType, NotesBuilder notes, string path)
    {
        if (ReceivedMedia.IsDataUrl(text)) return ToSource(text, notes, path);
        notes.Spell("~bytes");
        if (!dialect.IsMistral) return ReceivedMedia.Bytes(text, mediaType, path, ReceivedMedia.Untyped);
        // Mistral takes sound without its type.
        ReceivedMedia.CheckBase64(text, path);
        return new InlineMedia(text) { MediaType = mediaType };
    }

    private static bool IsCanonical(string url, InlineMedia media) =>
        media.MediaType is { } type && url.Length == 13 + type.Length + media.Base64.Length && url.StartsWith("data:", StringComparison.Ordinal) && url.AsSpan(5 + type.Length).StartsWith(";base64,");

    private static string JsonSerialize(string text) => JsonOutput.ToRaw(text, static (w, t) => w.WriteStringValue(t)).ToString();
}
