using Sluice.Configuration;
using Sluice.Errors;

namespace Sluice.Access.Administration;

/// <summary>A secret that an administrator chose for a key, so that clients of another gateway keep theirs.</summary>
internal static class GivenSecret
{
    private const int Least = 6;
    private const int Most = 256;
    private const int LeastStrong = 20;
    private const int LeastSigns = 10;

    /// <summary>What is wrong with it; <see langword="null"/> where it can be one. The message does not repeat it.</summary>
    public static GatewayError? Fault(string secret, SluiceConfig config)
    {
        if (secret.Length is < Least or > Most || secret.Any(c => c is <= ' ' or > '~')) return Wrong($"a secret has {Least} to {Most} signs: letters, digits and ASCII punctuation, no blanks");
        if (secret.StartsWith(KeyFormat.AdminPrefix, StringComparison.Ordinal) || config.Admin.Key?.Reveal() == secret) return Wrong("this is an admin key, which opens /admin/api: a key for calls needs a secret of its own");
        if (KeyFormat.IsMeant(secret) && !KeyFormat.IsWhole(secret)) return Wrong($"a secret that begins with '{KeyFormat.Prefix}' must be a whole key of a gateway: its check sum does not fit");
        return null;
    }

    /// <summary>Whether it could be guessed: it is short, or of few signs.</summary>
    public static bool IsWeak(string secret) => secret.Length < LeastStrong || secret.Distinct().Count() < LeastSigns;

    private static GatewayError Wrong(string what) => new(ErrorKind.InvalidRequest, $"secret: {what}") { Param = "secret", Code = "invalid_key_settings" };
}
