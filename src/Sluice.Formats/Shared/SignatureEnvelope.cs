using System.Text;
using Sluice.Chat;

namespace Sluice.Formats.Shared;

/// <summary>
/// Carries the opaque payload of one family through the signature field of another format, because that is what its clients send back. The
/// envelope is base64 (some SDKs decode such fields) and names the owner, so that the payload returns only to who made it.
/// </summary>
public static class SignatureEnvelope
{
    private const string Mark = "sluice.v1:";

    /// <summary>The payload as the field of a format of <paramref name="family"/>: as it is for its own family, else in an envelope.</summary>
    public static string Write(Signature signature, string family)
    {
        ArgumentNullException.ThrowIfNull(signature);
        return signature.Family == family ? signature.Value : Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Mark}{signature.Family}:{signature.Value}"));
    }

    /// <summary>Reads a field of a format of <paramref name="family"/>: opens an envelope if it is one.</summary>
    public static Signature Read(string value, string family)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!value.StartsWith(EncodedMark, StringComparison.Ordinal)) return new Signature(value, family);
        Span<byte> bytes = value.Length <= 1024 ? stackalloc byte[1024] : new byte[value.Length];
        if (!Convert.TryFromBase64String(Standard(value), bytes, out int length)) return new Signature(value, family);
        string text = Encoding.UTF8.GetString(bytes[..length]);
        int colon = text.StartsWith(Mark, StringComparison.Ordinal) ? text.IndexOf(':', Mark.Length) : -1;
        return colon < 0 ? new Signature(value, family) : new Signature(text[(colon + 1)..], text[Mark.Length..colon]);
    }

    /// <summary>True when a request body holds an envelope somewhere: a payload of another family than that of the format it stands in.</summary>
    public static bool IsIn(ReadOnlySpan<byte> body) => body.IndexOf(EncodedMarkBytes) >= 0;

    // Google's Python SDK holds such fields as bytes and sends them back in the alphabet for URLs.
    private static string Standard(string value)
    {
        string standard = value.AsSpan().IndexOfAny('-', '_') < 0 ? value : value.Replace('-', '+').Replace('_', '/');
        return standard.Length % 4 == 0 ? standard : standard.PadRight(standard.Length + 4 - standard.Length % 4, '=');
    }

    // "sluice.v1:" is ten bytes; the first nine of them are twelve base64 characters whatever follows.
    private static ReadOnlySpan<byte> EncodedMarkBytes => "c2x1aWNlLnYx"u8;

    private static string EncodedMark { get; } = Convert.ToBase64String(Encoding.UTF8.GetBytes(Mark[..9]));
}
