namespace Sluice.Formats.Shared;

/// <summary>Short names of audio encodings (OpenAI <c>input_audio.format</c>) and their MIME types.</summary>
public static class AudioFormats
{
    /// <summary>The MIME type of a short name.</summary>
    public static string ToMediaType(string format) => format switch
    {
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "pcm16" => "audio/pcm",
        _ => $"audio/{format}",
    };

    /// <summary>The short name of a MIME type; parameters are ignored.</summary>
    public static string FromMediaType(string? mediaType)
    {
        string type = (mediaType ?? "audio/wav").Split(';')[0].Trim().ToLowerInvariant();
        return type switch
        {
            "audio/mpeg" or "audio/mp3" => "mp3",
            "audio/wav" or "audio/x-wav" or "audio/wave" or "audio/vnd.wave" => "wav",
            "audio/pcm" or "audio/l16" => "pcm16",
            _ => type.StartsWith("audio/", StringComparison.Ordinal) ? type[6..] : type,
        };
    }
}
