using Sluice.Chat;

namespace Sluice.Formats.BedrockConverse;

/// <summary>Bedrock's short names of media formats (<c>ImageFormat</c>, <c>DocumentFormat</c>, <c>VideoFormat</c>, <c>AudioFormat</c> of its API reference).</summary>
internal static class BedrockMediaFormats
{
    /// <summary>The short name of a MIME type within a kind; <see langword="null"/> where the kind has no such format.</summary>
    public static string? FromMediaType(MediaKind kind, string? mediaType)
    {
        string type = (mediaType ?? "").Split(';')[0].Trim().ToLowerInvariant();
        return kind.Value switch
        {
            "image" => type switch { "image/png" => "png", "image/jpeg" or "image/jpg" => "jpeg", "image/gif" => "gif", "image/webp" => "webp", _ => null },
            "document" => Document(type),
            "video" => Video(type),
            "audio" => type switch { "audio/mpeg" or "audio/mp3" => "mp3", "audio/wav" or "audio/x-wav" => "wav", "audio/aac" => "aac", "audio/flac" => "flac", "audio/ogg" => "ogg", "audio/opus" => "opus", "audio/mp4" => "mp4", _ => null },
            _ => null,
        };
    }

    /// <summary>The MIME type of a short name.</summary>
    public static string ToMediaType(MediaKind kind, string format) => (kind.Value, format) switch
    {
        ("audio", "mp3") => "audio/mpeg",
        ("document", "pdf") => "application/pdf",
        ("document", "txt") => "text/plain",
        ("document", "md") => "text/markdown",
        _ => $"{kind.Value}/{format}",
    };

    private static string? Document(string type) => type switch
    {
        "application/pdf" => "pdf",
        "text/csv" => "csv",
        "application/msword" => "doc",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "text/html" => "html",
        "text/markdown" => "md",
        "application/json" or "application/xml" or "application/yaml" => "txt",
        _ => type.StartsWith("text/", StringComparison.Ordinal) ? "txt" : null,
    };

    private static string? Video(string type) => type switch
    {
        "video/mp4" => "mp4",
        "video/quicktime" => "mov",
        "video/x-matroska" => "mkv",
        "video/webm" => "webm",
        "video/x-flv" => "flv",
        "video/mpeg" => "mpeg",
        "video/x-ms-wmv" => "wmv",
        "video/3gpp" => "three_gp",
        _ => null,
    };
}
