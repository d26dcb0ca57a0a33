namespace Sluice.Accounting;

/// <summary>Estimates tokens of media by kind: what vendors count for a picture of usual size, a page, some seconds of sound.</summary>
internal static class MediaTokens
{
    /// <summary>A picture or file that is only named.</summary>
    public const double OfAddress = Image;

    /// <summary>A picture of usual size.</summary>
    public const double Image = 600;

    /// <summary>Some seconds of sound.</summary>
    public const double Sound = 300;

    /// <summary>A page of a document.</summary>
    public const double Page = 1500;
    private const double BytesOfPage = 40_000;
    private const double LettersOfToken = 4.3;

    public static bool IsDataUrl(ReadOnlySpan<byte> value) => value.StartsWith("data:"u8);

    public static double OfDataUrl(ReadOnlySpan<byte> value)
    {
        int comma = value.IndexOf((byte)',');
        var data = comma < 0 ? default : value[(comma + 1)..];
        if (value.StartsWith("data:image/"u8)) return Image;
        if (value.StartsWith("data:audio/"u8)) return Sound;
        return value.StartsWith("data:text/"u8) ? Letters(data) : OfBase64(data);
    }

    /// <summary>Told apart by the first bytes, which base64 keeps.</summary>
    public static double OfBase64(ReadOnlySpan<byte> data)
    {
        if (data.StartsWith("iVBORw0"u8) || data.StartsWith("/9j/"u8) || data.StartsWith("R0lGOD"u8) || data.StartsWith("UklGR"u8)) return Image;
        if (data.StartsWith("SUQz"u8) || data.StartsWith("//uQ"u8) || data.StartsWith("T2dnUw"u8)) return Sound;
        if (data.StartsWith("JVBER"u8)) return Page * Math.Max(1, Math.Round(data.Length * 0.75 / BytesOfPage));
        // What nobody knows may be a plain text; a long one is more likely a film or a sound.
        return data.Length < 32 * 1024 ? Letters(data) : Page;
    }

    private static double Letters(ReadOnlySpan<byte> base64) => base64.Length * 0.75 / LettersOfToken;
}
