using System.Collections.Frozen;

namespace Sluice.Chat;

/// <summary>The right names of media types. Vendors know each type by one name and refuse its aliases: Google answers 400 to <c>image/jpg</c>.</summary>
public static class MediaTypes
{
    private static FrozenDictionary<string, string> Aliases { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["image/jpg"] = "image/jpeg",
        ["image/jpe"] = "image/jpeg",
        ["image/jfif"] = "image/jpeg",
        ["image/pjpeg"] = "image/jpeg",
        ["image/x-citrix-jpeg"] = "image/jpeg",
        ["image/x-png"] = "image/png",
        ["image/x-citrix-png"] = "image/png",
        ["image/x-webp"] = "image/webp",
        ["image/x-gif"] = "image/gif",
        ["image/x-bmp"] = "image/bmp",
        ["image/x-ms-bmp"] = "image/bmp",
        ["image/tif"] = "image/tiff",
        ["audio/mp3"] = "audio/mpeg",
        ["audio/mpg"] = "audio/mpeg",
        ["audio/mpeg3"] = "audio/mpeg",
        ["audio/x-mp3"] = "audio/mpeg",
        ["audio/x-mpeg"] = "audio/mpeg",
        ["audio/x-mpeg-3"] = "audio/mpeg",
        ["audio/wave"] = "audio/wav",
        ["audio/x-wav"] = "audio/wav",
        ["audio/x-wave"] = "audio/wav",
        ["audio/x-pn-wav"] = "audio/wav",
        ["audio/vnd.wave"] = "audio/wav",
        ["audio/x-flac"] = "audio/flac",
        ["audio/x-aac"] = "audio/aac",
        ["audio/x-aiff"] = "audio/aiff",
        ["audio/x-m4a"] = "audio/m4a",
        ["audio/x-ogg"] = "audio/ogg",
        ["application/x-pdf"] = "application/pdf",
        ["text/x-markdown"] = "text/markdown",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// The right name of a type: in lower case, without parameters, no alias. A type of raw sound is left as it is, because its parameters say how it is to be played.
    /// </summary>
    public static string? Canonical(string? mediaType)
    {
        if (mediaType is null) return null;
        int semicolon = mediaType.IndexOf(';');
        string type = (semicolon < 0 ? mediaType : mediaType[..semicolon]).Trim().ToLowerInvariant();
        if (type is "audio/l16" or "audio/l24" or "audio/pcm" or "audio/x-raw" or "audio/basic") return mediaType;
        type = Aliases.GetValueOrDefault(type, type);
        return type == mediaType ? mediaType : type;
    }
}
