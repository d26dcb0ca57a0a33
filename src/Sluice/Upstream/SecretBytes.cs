using System.Text;
using Sluice.Configuration;

namespace Sluice.Upstream;

/// <summary>Secrets as bytes, to be looked for in answers without making text of them.</summary>
internal sealed class SecretBytes
{
    private static readonly byte[] Mark = Encoding.UTF8.GetBytes(Secret.Mask);
    private readonly byte[] _beginning;
    private readonly byte[][] _secrets;

    private SecretBytes(byte[][] secrets) => (_secrets, _beginning) = (secrets, Common(secrets));

    /// <summary>Knows secrets, as they are and as URLs and JSON spell them; <see langword="null"/> where none is long enough to be told from other text.</summary>
    public static SecretBytes? Of(IEnumerable<string> secrets)
    {
        // The longest first: a secret that begins with another must go whole.
        byte[][] all = [.. secrets.SelectMany(SecretMask.Spellings).Where(s => s.Length >= SecretMask.MinLength).Distinct(StringComparer.Ordinal).OrderByDescending(s => s.Length).Select(Encoding.UTF8.GetBytes)];
        return all.Length == 0 ? null : new SecretBytes(all);
    }

    /// <summary>Whether one of them is in these bytes.</summary>
    public bool IsIn(ReadOnlySpan<byte> bytes)
    {
        // One look for what all of them begin with, mostly; keys of a vendor begin alike.
        if (_beginning.Length > 0 && bytes.IndexOf(_beginning) < 0) return false;
        foreach (byte[] secret in _secrets)
        {
            if (bytes.IndexOf(secret) >= 0) return true;
        }
        return false;
    }

    /// <summary>The bytes without them; the same bytes where none is in them.</summary>
    public ReadOnlyMemory<byte> Mask(ReadOnlyMemory<byte> bytes)
    {
        if (!IsIn(bytes.Span)) return bytes;
        foreach (byte[] secret in _secrets) bytes = Without(bytes, secret);
        return bytes;
    }

    private static ReadOnlyMemory<byte> Without(ReadOnlyMemory<byte> bytes, byte[] secret)
    {
        int at = bytes.Span.IndexOf(secret);
        if (at < 0) return bytes;
        var kept = new List<byte>(bytes.Length);
        var rest = bytes.Span;
        for (; at >= 0; at = rest.IndexOf(secret))
        {
            kept.AddRange(rest[..at]);
            kept.AddRange(Mark);
            rest = rest[(at + secret.Length)..];
        }
        kept.AddRange(rest);
        return kept.ToArray();
    }

    private static byte[] Common(byte[][] secrets)
    {
        ReadOnlySpan<byte> common = secrets[0];
        foreach (byte[] secret in secrets) common = common[..common.CommonPrefixLength(secret)];
        return common.ToArray();
    }
}
