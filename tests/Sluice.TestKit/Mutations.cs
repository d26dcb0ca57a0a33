using System.Text;
using System.Text.Json;

namespace Sluice.TestKit;

/// <summary>Spoils recorded bytes: by chance, and at the places where a decoder expects something else. The same seed spoils the same way.</summary>
public sealed class Mutations(int seed)
{
    private static readonly byte[][] Values =
    [
        .. new[]
        {
            "null", "true", "0", "-1", "1.5", "1e400", "-9223372036854775809", "99999999999999999999", "\"\"", "\"x\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[null]", "[[]]", "[{}]",
            "{\"type\":5}", "{\"type\":\"unknown\"}", "{\"\\ud800\":1}", "\"data:image/png;base64,!!!\"", "\"{\"", "2147483648", "\"{\\\"a\\\":\\n\\\"\\\\ud800\\\"}\"",
        }.Select(Encoding.UTF8.GetBytes),
        Nested(200),
        Nested(90),
    ];

    private readonly Random _random = new(seed);

    private static byte[] Nested(int depth) => [.. Enumerable.Repeat((byte)'[', depth), .. Enumerable.Repeat((byte)']', depth)];

    /// <summary>Spoils a body: JSON, events or lines of JSON.</summary>
    public byte[] Spoil(byte[] body)
    {
        byte[] spoiled = body;
        for (int times = 1 + _random.Next(3); times > 0; times--)
        {
            spoiled = _random.Next(3) == 0 ? SpoilBytes(spoiled) : SpoilValue(spoiled);
        }
        return spoiled;
    }

    private byte[] SpoilBytes(byte[] body)
    {
        if (body.Length == 0) return body;
        int at = _random.Next(body.Length), length = Math.Min(1 + _random.Next(40), body.Length - at);
        switch (_random.Next(4))
        {
            case 0:
                byte[] flipped = [.. body];
                flipped[at] ^= (byte)(1 << _random.Next(8));
                return flipped;
            case 1: return [.. body[..at], .. body[(at + length)..]];
            case 2: return [.. body[..(at + length)], .. body[at..]];
            default: return body[..at];
        }
    }

    // Puts another value in the place of one that stands after a colon or in a list.
    private byte[] SpoilValue(byte[] body)
    {
        int from = body.Length == 0 ? 0 : _random.Next(body.Length);
        int open = Array.IndexOf(body, (byte)'{', from);
        if (open < 0) open = Array.IndexOf(body, (byte)'{');
        if (open < 0) return SpoilBytes(body);
        var places = PlacesOfValues(body.AsSpan(open));
        if (places.Count == 0) return SpoilBytes(body);
        var (start, length) = places[_random.Next(places.Count)];
        return [.. body[..(open + start)], .. Values[_random.Next(Values.Length)], .. body[(open + start + length)..]];
    }

    private static List<(int Start, int Length)> PlacesOfValues(ReadOnlySpan<byte> json)
    {
        var places = new List<(int Start, int Length)>();
        var open = new Stack<int>();
        var reader = new Utf8JsonReader(json, isFinalBlock: false, default);
        try
        {
            while (reader.Read() && (places.Count == 0 || reader.CurrentDepth > 0))
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        open.Push((int)reader.TokenStartIndex);
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray when open.TryPop(out int start):
                        places.Add((start, (int)reader.BytesConsumed - start));
                        break;
                    case JsonTokenType.PropertyName:
                        break;
                    default:
                        places.Add(((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex)));
                        break;
                }
            }
        }
        catch (JsonException)
        {
            // Spoiled before: the values up to here will do.
        }
        return places;
    }
}
