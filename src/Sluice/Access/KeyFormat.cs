using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Access;

/// <summary>
/// What a virtual key looks like: <c>sk-sluice-</c>, 43 random letters and digits (256 bits), and 6 that check them, so that a key which was not copied
/// whole is told apart without a look into the store.
/// </summary>
public static class KeyFormat
{
    /// <summary>How every virtual key begins.</summary>
    public const string Prefix = "sk-sluice-";

    /// <summary>How every admin key that was made begins. One from the configuration may look otherwise.</summary>
    public const string AdminPrefix = "sluice-admin-";

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int RandomLength = 43;
    private const int CheckLength = 6;
    private static readonly SearchValues<char> s_signs = SearchValues.Create(Alphabet);

    /// <summary>Makes a virtual key.</summary>
    public static string NewKey() => New(Prefix);

    /// <summary>Makes an admin key.</summary>
    public static string NewAdminKey() => New(AdminPrefix);

    /// <summary>Whether a text is meant as a virtual key of a gateway.</summary>
    public static bool IsMeant(ReadOnlySpan<char> text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether a text is a whole key: length, signs and check sum are right.</summary>
    public static bool IsWhole(ReadOnlySpan<char> text)
    {
        int prefix = text.StartsWith(Prefix, StringComparison.Ordinal) ? Prefix.Length : text.StartsWith(AdminPrefix, StringComparison.Ordinal) ? AdminPrefix.Length : -1;
        if (prefix < 0 || text.Length != prefix + RandomLength + CheckLength || text[prefix..].ContainsAnyExcept(s_signs)) return false;
        Span<char> check = stackalloc char[CheckLength];
        Check(text[..^CheckLength], check);
        return text[^CheckLength..].SequenceEqual(check);
    }

    /// <summary>The end of a key, by which a person can tell which it is.</summary>
    public static string TailOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key[^Math.Min(4, key.Length)..];
    }

    private static string New(string prefix)
    {
        string text = prefix + RandomNumberGenerator.GetString(Alphabet, RandomLength);
        Span<char> check = stackalloc char[CheckLength];
        Check(text, check);
        return string.Concat(text, check);
    }

    private static void Check(ReadOnlySpan<char> text, Span<char> check)
    {
        Span<byte> bytes = stackalloc byte[128];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.ASCII.GetBytes(text, bytes)], hash);
        uint sum = BinaryPrimitives.ReadUInt32BigEndian(hash);
        for (int i = check.Length - 1; i >= 0; i--, sum /= (uint)Alphabet.Length) check[i] = Alphabet[(int)(sum % (uint)Alphabet.Length)];
    }
}
