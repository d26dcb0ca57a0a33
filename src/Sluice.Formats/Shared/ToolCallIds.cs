using System.Security.Cryptography;
using System.Text;

namespace Sluice.Formats.Shared;

/// <summary>
/// Ids of tool calls in the spelling that a format allows. The change is a function of the id alone, so that a call and its result, sent in
/// different requests, still match.
/// </summary>
public static class ToolCallIds
{
    /// <summary>An id of ASCII letters, digits, <c>_</c> and <c>-</c>, at most <paramref name="maxLength"/> long (Anthropic: <c>^[a-zA-Z0-9_-]+$</c>; OpenAI chat: 40).</summary>
    public static string Fit(string id, int maxLength = 64)
    {
        ArgumentNullException.ThrowIfNull(id);
        bool fits = id.Length > 0 && id.Length <= maxLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
        return fits ? id : "call_" + Digest(id, Math.Min(24, maxLength - 5));
    }

    /// <summary>An id of exactly nine letters and digits (Mistral).</summary>
    public static string Nine(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length == 9 && id.All(char.IsAsciiLetterOrDigit) ? id : Digest(id, 9);
    }

    private static string Digest(string id, int length) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..length];
}
