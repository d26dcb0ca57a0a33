using System.Text;
using System.Text.Json;

namespace Sluice.Formats.Tests.Fuzz;

/// <summary>Spoils bytes, the same for the same seed.</summary>
internal sealed class Mutator(Random random)
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e400", "-0.0", "1.5", "123456789012345678901234567890", "9223372036854775808", "\"\"", "\"\\ud83d\"", "\"\\ude00x\"", "\"\\u0000\"", "\"text\"", "{}", "[]",
        "[null]", "[[]]", "[{}]", "{\"type\":null}", "{\"type\":\"text\"}", "{\"type\":\"\",\"text\":3}", "\"data:image/png;base64,###\"", "\"data:\"", "{\"\":{}}", "[1,\"a\",null,{}]", "{\"a\":1,\"a\":2}",
    ];

    private static readonly byte[][] Bytes = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0], [(byte)'"'], [(byte)'{'], [(byte)']'], [(byte)'\\'], "\r"u8.ToArray(), "\n\n"u8.ToArray(), "\ndata: "u8.ToArray(), ":"u8.ToArray(), "data: [DONE]\n\n"u8.ToArray(), "\uFEFF"u8.ToArray()];

    /// <summary>Makes one to four changes.</summary>
    public byte[] Mutate(byte[] input, byte[] other)
    {
        for (int changes = random.Next(1, 5); changes > 0; changes--) input = Once(input, other);
        return input;
    }

    private byte[] Once(byte[] input, byte[] other)
    {
        if (input.Length == 0) return other;
        int at = random.Next(input.Length), length = random.Next(Math.Min(input.Length - at, 400) + 1);
        switch (random.Next(10))
        {
            case 0:
                byte[] flipped = [.. input];
                flipped[at] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1: return input[..at];
            case 2: return [.. input[..at], .. input[(at + length)..]];
            case 3: return [.. input[..(at + length)], .. input[at..]];
            case 4: return [.. input[..at], .. Bytes[random.Next(Bytes.Length)], .. input[at..]];
            case 5: return [.. input[..at], .. Nest(), .. input[at..]];
            case 6:
                int from = random.Next(other.Length + 1);
                return [.. input[..at], .. other[from..Math.Min(other.Length, from + length)], .. input[at..]];
            default: return ReplaceValue(input, at);
        }
    }

    private byte[] Nest() => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? "[" : "{\"a\":", random.Next(1, 3000))));

    // Puts an odd value in the place of one that stands near; the rest stays valid JSON.
    private byte[] ReplaceValue(byte[] input, int near)
    {
        int start = Array.IndexOf(input, (byte)':', near);
        if (start < 0 || start + 1 >= input.Length) return input;
        start++;
        byte[] value = Encoding.UTF8.GetBytes(Values[random.Next(Values.Length)]);
        try
        {
            var reader = new Utf8JsonReader(input.AsSpan(start), isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = 512, AllowMultipleValues = true }));
            if (!reader.Read() || !reader.TrySkip()) return input;
            return [.. input[..start], .. value, .. input[(start + (int)reader.BytesConsumed)..]];
        }
        catch (JsonException)
        {
            return input;
        }
    }
}
