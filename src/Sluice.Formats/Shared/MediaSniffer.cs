using Sluice.Chat;

namespace Sluice.Formats.Shared;

/// <summary>Finds the MIME type of a medium that came without one, for formats that demand it.</summary>
internal static class MediaSniffer
{
    /// <summary>By the first bytes, in base64; <see langword="null"/> where they tell nothing.</summary>
    public static string? MediaTypeOf(MediaSource source) => source is not InlineMedia { Base64: var base64 }
        ? null
        : base64.StartsWith("JVBERi", StringComparison.Ordinal) ? "application/pdf" : ImageTypes.Sniff(base64) ?? OfSound(base64);

    private static string? OfSound(string base64) => base64 switch
    {
        _ when base64.StartsWith("SUQz", StringComparison.Ordinal) || base64.StartsWith("//s", StringComparison.Ordinal) || base64.StartsWith("//v", StringComparison.Ordinal) => "audio/mpeg",
        _ when base64.StartsWith("UklGR", StringComparison.Ordinal) => "audio/wav",
        _ when base64.StartsWith("T2dnU", StringComparison.Ordinal) => "audio/ogg",
        _ when base64.StartsWith("ZkxhQ", StringComparison.Ordinal) => "audio/flac",
        _ => null,
    };

    /// <summary>By the ending of an address.</summary>
    public static string? MediaTypeOfName(string name)
    {
        int dot = name.LastIndexOf('.');
        return dot < 0 ? null : name[(dot + 1)..].ToLowerInvariant() switch
        {
            "png" => "image/png",
            "jpg" or "jpeg" => "image/jpeg",
            "gif" => "image/gif",
            "webp" => "image/webp",
            "pdf" => "application/pdf",
            "txt" => "text/plain",
            "md" => "text/markdown",
            "csv" => "text/csv",
            "html" => "text/html",
            "mp4" => "video/mp4",
            "mov" => "video/quicktime",
            "mkv" => "video/x-matroska",
            "webm" => "video/webm",
            "mp3" => "audio/mpeg",
            "wav" => "audio/wav",
            _ => null,
        };
    }
}
