namespace Sluice.Streaming;

/// <summary>Joins pieces of base64 that each decode by themselves.</summary>
public static class Base64Chunks
{
    /// <summary>One base64 text of all the bytes. Padding inside would end the text early, so padded pieces are decoded first.</summary>
    public static string Join(IReadOnlyList<string> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        var filled = pieces.Where(p => p.Length > 0).ToArray();
        if (filled.Length <= 1) return filled.FirstOrDefault() ?? "";
        return filled.SkipLast(1).Any(p => p[^1] == '=' || p.Length % 4 != 0)
            ? Convert.ToBase64String(filled.SelectMany(Convert.FromBase64String).ToArray())
            : string.Concat(filled);
    }
}
