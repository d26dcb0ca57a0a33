using Sluice.Chat;

namespace Sluice.Cli.Chatting;

/// <summary><c>--image FILE|URL</c>.</summary>
internal static class ImageArgument
{
    private const long MaxBytes = 30 * 1024 * 1024;

    /// <summary>Reads an image, or says why it cannot be sent.</summary>
    public static MediaPart? Read(string text, out string? fault)
    {
        fault = null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") return new MediaPart(MediaKind.Image, new UrlMedia(text));
        try
        {
            var file = new FileInfo(text);
            if (!file.Exists) fault = Directory.Exists(text) ? "is a directory; name an image file" : "there is no such file";
            else if (file.Length > MaxBytes) fault = $"has {file.Length / (1024 * 1024)} MiB; at most {MaxBytes / (1024 * 1024)} MiB can be sent";
            else return Read(File.ReadAllBytes(text), out fault);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = e.Message;
        }
        return null;
    }

    // By what is inside: names lie, and providers check.
    private static MediaPart? Read(ReadOnlySpan<byte> bytes, out string? fault)
    {
        string? type = bytes is [0x89, (byte)'P', (byte)'N', (byte)'G', ..] ? "image/png"
            : bytes is [0xFF, 0xD8, 0xFF, ..] ? "image/jpeg"
            : bytes.StartsWith("GIF8"u8) ? "image/gif"
            : bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..12].SequenceEqual("WEBP"u8) ? "image/webp"
            : bytes.StartsWith("%PDF"u8) ? "application/pdf"
            : null;
        fault = type is null ? "is not a PNG, JPEG, GIF, WebP or PDF file" : null;
        return type is null ? null : new MediaPart(MediaKind.FromMediaType(type), new InlineMedia(Convert.ToBase64String(bytes)) { MediaType = type });
    }
}
