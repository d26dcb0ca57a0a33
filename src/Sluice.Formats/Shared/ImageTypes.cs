namespace Sluice.Formats.Shared;

/// <summary>Finds the MIME type of a picture from its first bytes, for formats that send pictures without saying what they are (Ollama).</summary>
internal static class ImageTypes
{
    /// <summary>The MIME type; <see langword="null"/> where the first bytes are of no well-known kind.</summary>
    /// <param name="base64">The picture in standard base64.</param>
    public static string? Sniff(string base64) => base64 switch
    {
        _ when base64.StartsWith("iVBORw0KGgo", StringComparison.Ordinal) => "image/png",
        _ when base64.StartsWith("/9j/", StringComparison.Ordinal) => "image/jpeg",
        _ when base64.StartsWith("R0lGOD", StringComparison.Ordinal) => "image/gif",
        _ when base64.StartsWith("UklGR", StringComparison.Ordinal) => "image/webp",
        _ => null,
    };
}
