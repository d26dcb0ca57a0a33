using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Reads images, documents and search results.</summary>
internal static class AnthropicMediaReader
{
    /// <summary>Where types of media stand.</summary>
    public static MediaTypePlaces TypePlaces { get; } = new(["media_type"], ["source"], ["input", "input_schema", "schema", "metadata"]);

    /// <summary>Reads an <c>image</c> or <c>document</c> block. A document of several blocks with pictures stays raw: no other format has one.</summary>
    public static Part ReadMedia(JsonElement block, string type, string path)
    {
        var source = block.Object("source"u8, path) ?? throw new WireFormatException($"{path}.source", "is missing; an object is required");
        string sourcePath = $"{path}.source";
        string sourceType = source.RequiredString("type"u8, sourcePath);
        string? mediaType = source.String("media_type"u8, sourcePath);
        MediaSource? media = sourceType switch
        {
            "base64" => ReceivedMedia.TypedBytes(source.RequiredString("data"u8, sourcePath), mediaType, $"{sourcePath}.data", $"{sourcePath}.media_type"),
            "url" => ReceivedMedia.Address(source.RequiredString("url"u8, sourcePath), $"{sourcePath}.url") with { MediaType = mediaType },
            "file" => new FileMedia(source.RequiredString("file_id"u8, sourcePath)) { MediaType = mediaType },
            "text" => new TextMedia(source.RequiredString("data"u8, sourcePath)) { MediaType = mediaType },
            "content" when JoinTexts(source.Get("content"u8)) is { } text => new TextMedia(text) { MediaType = "text/plain" },
            "content" => null,
            _ => throw new WireFormatException($"{sourcePath}.type", "must be base64, url, file, text or content"),
        };
        if (media is null) return new RawPart(AnthropicNames.Id, type, RawJson.From(block));
        var kind = media is InlineMedia && type == "document" ? MediaKind.FromMediaType(mediaType) : new MediaKind(type);
        string? shape = Shape.Of(
            kind.Value == type ? null : "type=" + type,
            sourceType == "content" ? "content=" + source.GetProperty("content"u8).GetRawText() : null,
            RestShape(((JsonElement?)source).Rest(AnthropicNames.Source), "source"),
            RestShape(block.Get("citations"u8).Rest(AnthropicNames.CitationsSwitch), "citations"),
            AnthropicBlockReader.CacheShape(block));
        return new MediaPart(kind, media)
        {
            Title = block.String("title"u8, path),
            CitationsEnabled = block.Object("citations"u8, path)?.Boolean("enabled"u8, path),
            Cache = AnthropicBlockReader.Cache(block, path),
            Notes = NotesBuilder.Of(AnthropicNames.Id, block, AnthropicNames.Media, shape),
        };
    }

    /// <summary>Reads a <c>search_result</c> block as a document of text with a title; its source is kept.</summary>
    public static Part ReadSearchResult(JsonElement block, string path)
    {
        if (JoinTexts(block.Get("content"u8)) is not { } text) return new RawPart(AnthropicNames.Id, "search_result", RawJson.From(block));
        string? shape = Shape.Of(
            "search_result",
            "content=" + block.GetProperty("content"u8).GetRawText(),
            RestShape(block.Get("citations"u8).Rest(AnthropicNames.CitationsSwitch), "citations"),
            AnthropicBlockReader.CacheShape(block));
        return new MediaPart(MediaKind.Document, new TextMedia(text) { MediaType = "text/plain" })
        {
            Title = block.String("title"u8, path),
            CitationsEnabled = block.Object("citations"u8, path)?.Boolean("enabled"u8, path),
            Cache = AnthropicBlockReader.Cache(block, path),
            Notes = NotesBuilder.Of(AnthropicNames.Id, block, AnthropicNames.SearchResult, shape),
        };
    }

    /// <summary>The text of content that is nothing but text; <see langword="null"/> where it holds anything else.</summary>
    public static string? JoinTexts(JsonElement? content)
    {
        if (content is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String) return value.GetString();
        if (value.ValueKind != JsonValueKind.Array) return null;
        var texts = new List<string>();
        foreach (var block in value.EnumerateArray())
        {
            if (block.Text("type"u8) != "text" || block.Text("text"u8) is not { } text) return null;
            texts.Add(text);
        }
        return string.Join('\n', texts);
    }

    private static string? RestShape(RawJson rest, string name) => rest.IsAbsent ? null : $"{name}={rest}";
}
