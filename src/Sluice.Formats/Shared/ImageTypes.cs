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
        _ when base64.StartsWith("UklGR", StringComparison.Ordinal) && !IsWave(base64) => "image/webp",
        _ when base64.StartsWith("Qk", StringComparison.Ordinal) && base64.AsSpan(Math.Min(8, base64.Length)).StartsWith("AAAA") => "image/bmp",
        _ when base64.StartsWith("SUkqA", StringComparison.Ordinal) || base64.StartsWith("TU0AK", StringComparison.Ordinal) => "image/tiff",
        _ => OfBoxes(base64),
    };

    // RIFF holds sound as well as pictures: its ninth to twelfth byte tell.
    private static bool IsWave(string base64)
    {
        Span<byte> head = stackalloc byte[12];
        return base64.Length >= 16 && Convert.TryFromBase64Chars(base64.AsSpan(0, 16), head, out _) && head[8..].SequenceEqual("WAVE"u8);
    }

    // ISO base media files name their brand after a length of four bytes and "ftyp".
    private static string? OfBoxes(string base64)
    {
        Span<byte> head = stackalloc byte[12];
        if (base64.Length < 16 || !Convert.TryFromBase64Chars(base64.AsSpan(0, 16), head, out int length) || length < 12 || !head[4..8].SequenceEqual("ftyp"u8)) return null;
        var brand = head[8..12];
        if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8)) return "image/avif";
        return brand.SequenceEqual("heic"u8) || brand.SequenceEqual("heix"u8) ? "image/heic" : brand.SequenceEqual("mif1"u8) ? "image/heif" : null;
    }
}
