using System.Text;
using Sluice.Chat;

namespace Sluice.Formats.Shared;

/// <summary><c>data:</c> URLs (RFC 2397), by which several formats carry inline media.</summary>
public static class DataUrl
{
    /// <summary>Turns a URL into a source: inline for a <c>data:</c> URL, else an address.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="mediaType">The type where the format says it beside the URL.</param>
    public static MediaSource ToSource(string url, string? mediaType = null)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return new UrlMedia(url) { MediaType = mediaType };
        int comma = url.IndexOf(',');
        if (comma < 0) return new UrlMedia(url) { MediaType = mediaType };
        string head = url[5..comma];
        bool base64 = head.EndsWith(";base64", StringComparison.OrdinalIgnoreCase);
        string type = base64 ? head[..^7] : head;
        string data = url[(comma + 1)..];
        if (!base64) data = Convert.ToBase64String(Unescape(data));
        else if (data.Contains('%')) data = Encoding.UTF8.GetString(Unescape(data));
        return new InlineMedia(data) { MediaType = type.Length > 0 ? type : mediaType };
    }

    // Escapes stand for bytes, not for characters: %FF is no UTF-8.
    private static byte[] Unescape(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            bool escaped = bytes[i] == '%' && i + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2]);
            bytes[length++] = escaped ? Convert.FromHexString([(char)bytes[i + 1], (char)bytes[i + 2]])[0] : bytes[i];
            if (escaped) i += 2;
        }
        return bytes[..length];
    }

    /// <summary>A <c>data:</c> URL of inline media.</summary>
    public static string From(InlineMedia media, string defaultMediaType = "application/octet-stream")
    {
        ArgumentNullException.ThrowIfNull(media);
        return $"data:{media.MediaType ?? defaultMediaType};base64,{media.Base64}";
    }
}
