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
        string data = base64 ? url[(comma + 1)..] : Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url[(comma + 1)..])));
        return new InlineMedia(data) { MediaType = type.Length > 0 ? type : mediaType };
    }

    /// <summary>A <c>data:</c> URL of inline media.</summary>
    public static string From(InlineMedia media, string defaultMediaType = "application/octet-stream")
    {
        ArgumentNullException.ThrowIfNull(media);
        return $"data:{media.MediaType ?? defaultMediaType};base64,{media.Base64}";
    }
}
