using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Access;

/// <summary>The keyed hash of a key as a value that can be looked up. Two are compared in a time that does not depend on where they differ.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct KeyHash : IEquatable<KeyHash>
{
    // A header may be long; a key is not.
    private const int MostCharacters = 512;
    private readonly ulong _a, _b, _c, _d;

    /// <summary>HMAC-SHA256 of a key under a pepper; <see langword="null"/> for a text that is too long to be a key.</summary>
    public static KeyHash? Of(ReadOnlySpan<char> key, byte[] pepper)
    {
        if (key.Length > MostCharacters) return null;
        Span<byte> text = stackalloc byte[MostCharacters * 3];
        int length = Encoding.UTF8.GetBytes(key, text);
        KeyHash hash = default;
        HMACSHA256.HashData(pepper, text[..length], MemoryMarshal.AsBytes(new Span<KeyHash>(ref hash)));
        return hash;
    }

    /// <summary>A hash that was kept.</summary>
    public static KeyHash From(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<KeyHash>(bytes);

    public byte[] ToBytes() => MemoryMarshal.AsBytes(new ReadOnlySpan<KeyHash>(in this)).ToArray();

    public bool Equals(KeyHash other) => ((_a ^ other._a) | (_b ^ other._b) | (_c ^ other._c) | (_d ^ other._d)) == 0;

    /// <summary>Whether these bytes are this hash.</summary>
    public bool Is(ReadOnlySpan<byte> bytes) => CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(new ReadOnlySpan<KeyHash>(in this)), bytes);

    public override bool Equals(object? obj) => obj is KeyHash other && Equals(other);

    public override int GetHashCode() => _a.GetHashCode();
}
