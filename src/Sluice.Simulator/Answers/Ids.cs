namespace Sluice.Simulator.Answers;

/// <summary>Ids in the vendors' forms, a fixed sequence for a seed.</summary>
internal sealed class Ids(int seed)
{
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Base36 = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string Hex = "0123456789abcdef";
    private long counter;

    /// <summary>A number that looks random.</summary>
    public ulong Next() => Mix((ulong)Interlocked.Increment(ref counter) + ((ulong)(uint)seed << 32));

    /// <summary>A prefix and so many letters and digits.</summary>
    public string Letters(string prefix, int length) => Make(prefix, length, Base62);

    /// <summary>A prefix and so many small letters and digits.</summary>
    public string Small(string prefix, int length) => Make(prefix, length, Base36);

    /// <summary>A prefix and so many hexadecimal digits.</summary>
    public string Hexadecimal(string prefix, int length) => Make(prefix, length, Hex);

    /// <summary>A UUID of version 4.</summary>
    public string Uuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, Next());
        BitConverter.TryWriteBytes(bytes[8..], Next());
        bytes[7] = (byte)((bytes[7] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes).ToString();
    }

    public static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private string Make(string prefix, int length, string alphabet) => string.Create(prefix.Length + length, (prefix, alphabet, state: Next()), static (span, arg) =>
    {
        arg.prefix.CopyTo(span);
        var (bits, left) = (arg.state, 10);
        for (var i = arg.prefix.Length; i < span.Length; i++)
        {
            if (left-- == 0)
                (bits, left) = (Mix(bits), 9);
            span[i] = arg.alphabet[(int)(bits % (ulong)arg.alphabet.Length)];
            bits /= (ulong)arg.alphabet.Length;
            if (bits == 0)
                (bits, left) = (Mix((ulong)i + arg.state), 10);
        }
    });
}
