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
        if (!filled.SkipLast(1).Any(p => p[^1] == '=' || p.Length % 4 != 0)) return string.Concat(filled);
        var bytes = new List<byte>();
        foreach (string piece in filled)
        {
            byte[] decoded = new byte[piece.Length];
            // What is no base64 is handed on as it came: it is not for the fold to judge.
            if (!Convert.TryFromBase64String(piece, decoded, out int length)) return string.Concat(filled);
            bytes.AddRange(decoded.AsSpan(0, length));
        }
        return Convert.ToBase64String([.. bytes]);
    }
}
