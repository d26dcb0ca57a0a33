using System.Collections.Frozen;
using System.Text;
using Sluice.Transforms.Json;

namespace Sluice.Transforms.Texts;

/// <summary>Members of content that hold no text, by their names in all dialects: ids, kinds, addresses, base64, signatures, names of tools, code that a provider runs, citations.</summary>
internal static class NoTexts
{
    private const int LongestName = 48;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Names = new[]
    {
        "type", "role", "id", "status", "name", "tool_name", "model", "object", "index", "format", "detail", "phase", "language", "execution", "ttl", "cache_control", "server_label", "created_by",
        "url", "uri", "images", "image", "data", "signature", "thoughtsignature", "encrypted_content", "encrypted", "result", "mime_type", "mimetype", "media_type",
        "annotations", "citations", "logprobs", "code", "executablecode", "executable_code", "tools", "caller",
    }.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly string[] Endings = ["_id", "_ids", "_url", "_uri", "_data", "_b64", "_signature"];

    // fileUri, fileId
    private static readonly string[] CamelEndings = ["Id", "Uri", "Url"];

    /// <summary>Whether a member holds no text, by its name in whatever case.</summary>
    public static bool Has(JsonTree tree, int member)
    {
        var raw = tree.RawName(member);
        Span<char> name = stackalloc char[LongestName];
        if (raw.Length > LongestName || raw.Contains((byte)'\\'))
        {
            string decoded = tree.Name(member);
            return decoded.Length <= LongestName && IsOne(decoded, name[..decoded.Length]);
        }
        Span<char> spelled = stackalloc char[LongestName];
        int length = Encoding.UTF8.GetChars(raw, spelled);
        return IsOne(spelled[..length], name[..length]);
    }

    private static bool IsOne(ReadOnlySpan<char> spelled, Span<char> lower)
    {
        foreach (string ending in CamelEndings)
        {
            if (spelled.EndsWith(ending, StringComparison.Ordinal)) return true;
        }
        spelled.ToLowerInvariant(lower);
        if (Names.Contains(lower)) return true;
        foreach (string ending in Endings)
        {
            if (lower.EndsWith(ending, StringComparison.Ordinal)) return true;
        }
        return false;
    }
}
