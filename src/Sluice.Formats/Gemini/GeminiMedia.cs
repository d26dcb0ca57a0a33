using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Media by bytes and by address, and the MIME types that Google wants with an address.</summary>
internal static class GeminiMedia
{
    /// <summary>Where types of media stand.</summary>
    public static MediaTypePlaces TypePlaces { get; } = new(
        ["mimeType", "mime_type"],
        ["inlineData", "inline_data", "fileData", "file_data"],
        ["args", "response", "functionDeclarations", "function_declarations", "generationConfig", "generation_config", "labels"]);

    /// <summary>
    /// The source that a <c>fileUri</c> names: an address that anyone can fetch, or a file that only Google can open (the files API, Cloud Storage).
    /// </summary>
    public static MediaSource Source(string uri, string? mediaType) =>
        uri.StartsWith("http", StringComparison.OrdinalIgnoreCase) && !IsGoogleFile(uri) ? new UrlMedia(uri) { MediaType = mediaType } : new FileMedia(uri) { MediaType = mediaType };

    /// <summary>True for a file that Google keeps: <c>https://generativelanguage.googleapis.com/v1beta/files/...</c>, <c>files/...</c>, <c>gs://...</c>.</summary>
    public static bool IsGoogleFile(string uri) =>
        uri.StartsWith("gs://", StringComparison.OrdinalIgnoreCase) || uri.StartsWith("files/", StringComparison.Ordinal)
        || (uri.Contains("//generativelanguage.googleapis.com/", StringComparison.OrdinalIgnoreCase) && uri.Contains("files/", StringComparison.Ordinal));

    public static MediaKind Kind(string? mediaType, string? uri = null)
    {
        if (mediaType is not null) return MediaKind.FromMediaType(mediaType);
        return uri is not null && IsYouTube(uri) ? MediaKind.Video : MediaKind.FromMediaType(uri is null ? null : TypeOfPath(uri));
    }

    /// <summary>The MIME type to write: as given, by the file's extension, or the commonest of its kind.</summary>
    public static string MediaType(MediaPart media)
    {
        if (media.Source.MediaType is { Length: > 0 } given) return given;
        if (media.Source is UrlMedia { Url: var url } && (IsYouTube(url) ? "video/mp4" : TypeOfPath(url)) is { } known) return known;
        return media.Kind.Value switch
        {
            "image" => "image/jpeg",
            "audio" => "audio/mpeg",
            "video" => "video/mp4",
            _ => "application/pdf",
        };
    }

    /// <summary>Standard base64: some clients send the variant for URLs, which Google takes too.</summary>
    public static string Standard(string base64) => base64.AsSpan().IndexOfAny('-', '_') < 0 ? base64 : base64.Replace('-', '+').Replace('_', '/');

    private static bool IsYouTube(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Host is "youtu.be" || uri.Host.EndsWith("youtube.com", StringComparison.OrdinalIgnoreCase));

    private static string? TypeOfPath(string url)
    {
        string path = Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.AbsolutePath : url;
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => "image/png",
            ".jpg" or ".jpeg" => "image/jpeg",
            ".webp" => "image/webp",
            ".gif" => "image/gif",
            ".heic" => "image/heic",
            ".pdf" => "application/pdf",
            ".txt" or ".md" => "text/plain",
            ".html" or ".htm" => "text/html",
            ".csv" => "text/csv",
            ".json" => "application/json",
            ".mp3" => "audio/mpeg",
            ".wav" => "audio/wav",
            ".flac" => "audio/flac",
            ".ogg" => "audio/ogg",
            ".m4a" => "audio/mp4",
            ".mp4" => "video/mp4",
            ".mov" => "video/quicktime",
            ".webm" => "video/webm",
            _ => null,
        };
    }
}
