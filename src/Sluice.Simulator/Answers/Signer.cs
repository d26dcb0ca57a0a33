using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sluice.Simulator.Answers;

/// <summary>
/// Signatures of reasoning: an HMAC with a key made of the simulator's seed, so that it knows its own from a foreign one. Signatures of the same
/// content are equal; sealed tokens differ each time, as the vendors' encrypted payloads do.
/// </summary>
internal sealed class Signer(int seed)
{
    private readonly byte[] key = SHA256.HashData(Encoding.UTF8.GetBytes("sluice-simulator:" + seed));

    public byte[] Sign(string kind, string content) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(kind + "\n" + content));

    public bool IsSignature(string kind, string content, ReadOnlySpan<byte> signature) =>
        CryptographicOperations.FixedTimeEquals(Sign(kind, content), signature);

    /// <summary>A token that says only who made it.</summary>
    public byte[] Seal(string kind, ulong nonce)
    {
        var token = new byte[40];
        BitConverter.TryWriteBytes(token, nonce);
        Sign(kind, nonce.ToString()).CopyTo(token, 8);
        return token;
    }

    public bool IsSealed(string kind, ReadOnlySpan<byte> token) =>
        token.Length == 40 && IsSignature(kind, BitConverter.ToUInt64(token).ToString(), token[8..]);

    /// <summary>Base64 in the ordinary or the URL alphabet: some clients turn the one into the other.</summary>
    public static byte[]? Decode(string text)
    {
        var url = text.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return Base64Url.IsValid(url) ? Base64Url.DecodeFromChars(url) : null;
    }

    /// <summary>JSON in one spelling: members by name, no white space. A client may have parsed and written it again.</summary>
    public static string Canonical(JsonElement value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    text.Append(member.Name).Append(':');
                    Append(text, member.Value);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in value.EnumerateArray())
                {
                    Append(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                text.Append('"').Append(value.GetString()).Append('"');
                break;
            case JsonValueKind.Number:
                text.Append(value.GetDouble());
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }
}
