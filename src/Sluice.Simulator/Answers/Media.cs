namespace Sluice.Simulator.Answers;

/// <summary>An image, document or sound in a prompt.</summary>
/// <param name="Kind"><c>image</c>, <c>document</c>, <c>audio</c> or <c>video</c>.</param>
/// <param name="MimeType">As given, or null.</param>
/// <param name="Bytes">Size of the data, or null for a reference.</param>
/// <param name="Reference">URL or file id, or null for data.</param>
internal sealed record Media(string Kind, string? MimeType, long? Bytes, string? Reference)
{
    /// <summary>Data in base64, without decoding it.</summary>
    public static Media FromBase64(string kind, string? mimeType, string data)
    {
        var padding = data.EndsWith("==", StringComparison.Ordinal) ? 2 : data.EndsWith('=') ? 1 : 0;
        return new Media(kind, mimeType, (data.Length * 3L / 4) - padding, null);
    }

    /// <summary>A URL, which may be a <c>data:</c> URL.</summary>
    public static Media FromUrl(string kind, string url)
    {
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (!url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || comma < 0)
            return new Media(kind, null, null, url);
        var head = url[5..comma];
        var semicolon = head.IndexOf(';', StringComparison.Ordinal);
        return FromBase64(kind, semicolon < 0 ? head : head[..semicolon], url[(comma + 1)..]);
    }

    public override string ToString() => Reference is null ? $"{Kind} ({MimeType ?? "unknown type"}, {Bytes} bytes)" : $"{Kind} ({Reference})";
}
