using System.Text;
using Sluice.Configuration;
using Sluice.Engine;

namespace Sluice.Routing;

/// <summary>A number that is the same for the same caller, so that a provider's prompt cache hits.</summary>
internal static class StickyHash
{
    private const int PrefixBytes = 2048;

    private static byte[][] PromptMembers { get; } = [.. new[] { "messages", "input", "contents", "prompt" }.Select(Encoding.UTF8.GetBytes)];

    public static uint Of(StickyKey key, CallContext call)
    {
        string? text = key switch
        {
            StickyKey.Session => call.Inbound.Headers.Get("x-sluice-session"),
            StickyKey.User => call.Members.GetString("user"u8) ?? call.Inbound.Caller?.Name,
            _ => null,
        };
        return text is not null ? Hash(Encoding.UTF8.GetBytes(text)) : key == StickyKey.Prefix ? Hash(Prefix(call)) : 0;
    }

    private static ReadOnlySpan<byte> Prefix(CallContext call)
    {
        var body = call.Members.Body.Span;
        foreach (byte[] name in PromptMembers)
        {
            if (call.Members.TryGet(name, out var member)) return body.Slice(member.ValueStart, Math.Min(PrefixBytes, member.ValueLength));
        }
        return body[..Math.Min(PrefixBytes, body.Length)];
    }

    // FNV-1a: the same in every process, unlike the runtime's own string hashes.
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        uint hash = 2166136261;
        foreach (byte b in bytes) hash = unchecked((hash ^ b) * 16777619);
        return hash;
    }
}
