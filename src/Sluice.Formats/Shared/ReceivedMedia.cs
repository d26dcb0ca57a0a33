using System.Buffers;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;

namespace Sluice.Formats.Shared;

/// <summary>Checks the media that a client sends. What no vendor could read is refused with its place: a medium without bytes, or of a type that would have to be guessed.</summary>
internal static class ReceivedMedia
{
    // Both alphabets of RFC 4648, and the white space that MIME breaks lines with.
    private static readonly SearchValues<char> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_= \r\n\t");
    private static readonly SearchValues<char> Scheme = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+.-");

    /// <summary>Bytes whose type is said beside them, or told by their first characters.</summary>
    /// <param name="base64">The bytes.</param>
    /// <param name="mediaType">The type that was said.</param>
    /// <param name="path">Where the bytes stand.</param>
    /// <param name="missing">The fault where nothing tells the type.</param>
    public static InlineMedia Bytes(string base64, string? mediaType, string path, Func<string, WireFormatException> missing)
    {
        CheckBase64(base64, path);
        var media = new InlineMedia(base64) { MediaType = mediaType };
        if (media.MediaType is { Length: > 0 }) return media;
        return media with { MediaType = MediaSniffer.MediaTypeOf(media) ?? throw missing(path) };
    }

    /// <summary>Bytes that must come with their type.</summary>
    public static InlineMedia TypedBytes(string base64, string? mediaType, string path, string typePath)
    {
        if (string.IsNullOrWhiteSpace(mediaType)) throw new WireFormatException(typePath, "is missing; a media type such as image/png is required");
        CheckBase64(base64, path);
        return new InlineMedia(base64) { MediaType = mediaType };
    }

    /// <summary>OpenAI's <c>input_audio</c>, whose format is a short name.</summary>
    public static InlineMedia Audio(JsonElement audio, string? format, string path) => Bytes(
        audio.RequiredString("data"u8, path),
        format is null ? null : AudioFormats.ToMediaType(format),
        $"{path}.data",
        _ => new WireFormatException($"{path}.format", "is missing; a format such as wav or mp3 is required"));

    /// <summary>A <c>data:</c> URL with its bytes and type, or an address.</summary>
    public static MediaSource UrlOrBytes(string url, string path)
    {
        if (!IsDataUrl(url)) return Address(url, path);
        return DataUrl.ToSource(url) is InlineMedia bytes
            ? Bytes(bytes.Base64, bytes.MediaType, path, Untyped)
            : throw new WireFormatException(path, "is a data: URL without data; data:image/png;base64,... would be right");
    }

    /// <summary>An address with its scheme.</summary>
    public static UrlMedia Address(string url, string path)
    {
        int scheme = url.IndexOf("://", StringComparison.Ordinal);
        bool isUrl = scheme > 0 && scheme + 3 < url.Length && char.IsAsciiLetter(url[0]) && url.AsSpan(0, scheme).IndexOfAnyExcept(Scheme) < 0;
        return isUrl ? new UrlMedia(url) : throw new WireFormatException(path, "must be a URL, such as https://example.com/picture.png, or a data: URL");
    }

    /// <summary>True for a <c>data:</c> URL.</summary>
    public static bool IsDataUrl(string url) => url.StartsWith("data:", StringComparison.OrdinalIgnoreCase);

    /// <summary>The fault of bytes in a string that could have said what they are.</summary>
    public static WireFormatException Untyped(string path) => new(path, "does not say what it is; data:<media type>;base64,... would be right");

    /// <summary>Refuses what is empty or no base64.</summary>
    public static void CheckBase64(string base64, string path)
    {
        if (string.IsNullOrWhiteSpace(base64)) throw new WireFormatException(path, "is empty; base64 is required");
        if (base64.AsSpan().IndexOfAnyExcept(Base64) >= 0) throw new WireFormatException(path, "must be base64");
    }
}
