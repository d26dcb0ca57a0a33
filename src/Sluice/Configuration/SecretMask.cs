using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.Configuration;

/// <summary>
/// The one place where outgoing text loses its secrets: logs, traces and errors pass it. It knows every secret of a configuration, as it is and as
/// URLs and JSON spell it, and the usual shapes of keys that no configuration knows. Immutable and thread-safe.
/// </summary>
public sealed class SecretMask
{
    // Shorter ones are placeholders ("test"), and words that any text may well use.
    internal const int MinLength = 6;
    private readonly string[] _secrets;
    private readonly SearchValues<string>? _any;

    private SecretMask(IEnumerable<string> secrets)
    {
        // The longest first: a secret that begins with another must go whole.
        _secrets = [.. secrets.SelectMany(Spellings).Where(s => s.Length >= MinLength).Distinct(StringComparer.Ordinal).OrderByDescending(s => s.Length)];
        _any = _secrets.Length == 0 ? null : SearchValues.Create(_secrets, StringComparison.Ordinal);
    }

    /// <summary>Knows no configuration.</summary>
    public static SecretMask Empty { get; } = new([]);

    /// <summary>Knows the secrets of a configuration.</summary>
    public static SecretMask Of(SluiceConfig config) => new(ConfiguredSecrets.Of(config));

    /// <summary>Knows these.</summary>
    public static SecretMask Of(IEnumerable<string> secrets) => new(secrets);

    /// <summary>Takes the secrets out of a text; the same text where it has none.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="credentials">What the client of this call presented; <see langword="null"/> for nothing.</param>
    public string Mask(string text, IReadOnlyList<string>? credentials = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (_any is not null && text.AsSpan().ContainsAny(_any)) text = Replace(text, _secrets);
        if (credentials is not null) text = Replace(text, credentials.Where(c => c.Length >= MinLength).SelectMany(Spellings));
        return MaskShapes(text);
    }

    /// <summary>Takes out what looks like a key, whoever's it is.</summary>
    private static string MaskShapes(string text)
    {
        return !text.AsSpan().ContainsAny(Shapes.Signs) ? text : Shapes.Keys.Replace(text, static m => m.Groups["lead"].Value + Secret.Mask);
    }

    private static string Replace(string text, IEnumerable<string> secrets)
    {
        foreach (string secret in secrets) text = text.Replace(secret, Secret.Mask, StringComparison.Ordinal);
        return text;
    }

    /// <summary>A secret as it is, and as URLs and JSON spell it.</summary>
    internal static IEnumerable<string> Spellings(string secret)
    {
        yield return secret;
        string url = Uri.EscapeDataString(secret);
        if (url != secret) yield return url;
        // JSON has more than one way: what must be escaped, and what careful writers escape besides.
        string json = JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        if (json != secret) yield return json;
        string careful = JsonEncodedText.Encode(secret).ToString();
        if (secret.Contains('/')) yield return json.Replace("/", "\\/", StringComparison.Ordinal);
        if (careful == json) yield break;
        yield return careful;
        yield return careful.Replace("\\u002B", "\\u002b", StringComparison.Ordinal);
    }

    // Keys as the vendors make them, bearer tokens, and the parameters of addresses that hold keys. Made at first use.
    private static class Shapes
    {
        /// <summary>What every match holds: nearly no text does, and a look for them costs little.</summary>
        public static readonly SearchValues<string> Signs = SearchValues.Create(["earer ", "sk-", "pk-", "rk-", "AIza", "ya29.", "gsk", "csk", "pplx", "hf_", "hf-", "xai-", "AKIA", "ASIA", "key=", "token=", "sig="], StringComparison.Ordinal);

        public static readonly Regex Keys = new(
            """(?<lead>\b[Bb]earer +)[\w.~+/=-]{6,}|\b(?:sk|pk|rk)-[\w-]{12,}|\bAIza[\w-]{20,}|\bya29\.[\w.-]{10,}|\b(?:gsk|csk|pplx|hf)[_-]\w{12,}|\bxai-\w{12,}|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|(?<lead>[?&](?:key|api[_-]?key|access_token|token|sig)=)[^&\s"'<>\\]+""",
            RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking,
            TimeSpan.FromSeconds(1));
    }
}
