using System.Buffers;
using System.Text;
using Sluice.Access;
using Sluice.Configuration;
using Sluice.Formats.Framing;

namespace Sluice.Upstream;

/// <summary>
/// The one place that decides what crosses between clients and a provider. Up goes nothing that carries a key of this gateway, virtual or of its
/// administration, in whatever scheme, quoting or spelling; back comes nothing that carries a key of the provider. Immutable and thread-safe.
/// </summary>
internal sealed class UpstreamBorder
{
    // Shorter admin keys are compared as words: they may be part of any text.
    private const int LeastPart = 8;

    /// <summary>Parameters of an address that carry a credential.</summary>
    private static readonly HashSet<string> CredentialParameters = new(StringComparer.OrdinalIgnoreCase)
    {
        "key", "api_key", "api-key", "apikey", "access_token", "access-token", "token", "auth", "authorization", "x-api-key", "x-goog-api-key", "sig", "signature", "subscription-key",
    };

    private readonly SearchValues<string> _keys;
    private readonly string? _shortAdminKey;
    private readonly SecretMask _gateway;
    private readonly SecretMask _own;
    private readonly SecretBytes? _bytes;

    /// <summary>Makes the border before a provider.</summary>
    /// <param name="gateway">Knows all secrets of the configuration.</param>
    /// <param name="adminKey">The configured admin key; <see langword="null"/> for none.</param>
    /// <param name="secrets">What the provider is sent as credentials.</param>
    public UpstreamBorder(SecretMask gateway, Secret? adminKey, IEnumerable<string> secrets)
    {
        string[] own = [.. secrets];
        (_gateway, _own, _bytes) = (gateway, SecretMask.Of(own), SecretBytes.Of(own));
        string? admin = adminKey?.Reveal();
        bool isShort = admin?.Length < LeastPart;
        _shortAdminKey = isShort ? admin : null;
        string[] keys = admin is null || isShort ? [KeyFormat.Prefix, KeyFormat.AdminPrefix] : [KeyFormat.Prefix, KeyFormat.AdminPrefix, admin];
        _keys = SearchValues.Create([.. keys, .. keys.SelectMany(Encoded)], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a client's text may go to the provider: false where it carries a key of this gateway.</summary>
    /// <param name="text">A header's value, a parameter, a name.</param>
    /// <param name="presented">The key by which the caller is known, which may look like nothing; <see langword="null"/> for none.</param>
    public bool MayGoUp(string text, string? presented = null)
    {
        if (Carries(text, presented)) return false;
        // A percent sign may hide any letter.
        return !text.Contains('%') || !Carries(Uri.UnescapeDataString(text), presented);
    }

    /// <summary>A client's query without credentials: what is named like one, and what carries a key of this gateway.</summary>
    /// <param name="query">With its question mark, or empty.</param>
    public string Query(string query)
    {
        if (query.Length < 2) return "";
        var kept = query[1..].Split('&', StringSplitOptions.RemoveEmptyEntries).Where(IsKept);
        string rest = string.Join('&', kept);
        return rest.Length == 0 ? "" : "?" + rest;

        bool IsKept(string pair)
        {
            string name = Uri.UnescapeDataString(pair.Split('=')[0]).Trim();
            return !CredentialParameters.Contains(name) && MayGoUp(pair);
        }
    }

    /// <summary>A short text of the provider's for the client, such as a header's value, without any secret.</summary>
    public string Back(string text) => _gateway.Mask(_own.Mask(text));

    /// <summary>The frames of the provider's stream without its key.</summary>
    public IFrameReader Back(IFrameReader frames) => _bytes is null ? frames : new BorderedFrames(frames, this);

    /// <summary>Whether bytes of the provider's quote its key.</summary>
    public bool Quotes(ReadOnlySpan<byte> answer) => _bytes?.IsIn(answer) == true;

    /// <summary>Bytes of the provider's answer without its key; the same bytes where they do not quote it, as nearly always.</summary>
    public ReadOnlyMemory<byte> Back(ReadOnlyMemory<byte> answer) => _bytes is null ? answer : _bytes.Mask(answer);

    /// <summary>Bytes of the provider's error without any secret, and without what looks like one.</summary>
    public ReadOnlyMemory<byte> BackFromError(ReadOnlyMemory<byte> body)
    {
        string text = Encoding.UTF8.GetString(body.Span);
        string masked = Back(text);
        return masked == text ? body : Encoding.UTF8.GetBytes(masked);
    }

    private bool Carries(string text, string? presented) =>
        text.AsSpan().ContainsAny(_keys) || (presented is { Length: > 0 } && HasWord(text, presented)) || (_shortAdminKey is not null && HasWord(text, _shortAdminKey));

    private static bool HasWord(string text, string word)
    {
        for (int at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            int end = at + word.Length;
            if (word.Length >= LeastPart || ((at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsAsciiLetterOrDigit(text[end])))) return true;
        }
        return false;
    }

    // How base64 spells a key inside a longer text (Basic: "user:key"), for each place of it in a group of three bytes, without the letters that its neighbours decide.
    private static IEnumerable<string> Encoded(string key)
    {
        for (int before = 0; before < 3; before++)
        {
            string whole = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string(' ', before) + key));
            int from = before == 0 ? 0 : before + 1, to = (before + Encoding.UTF8.GetByteCount(key)) / 3 * 4;
            if (to - from >= LeastPart) yield return whole[from..to];
        }
    }
}
