using System.Text.RegularExpressions;
using Sluice.Configuration;

namespace Sluice.Telemetry.Logging;

/// <summary>Makes values fit for a line: masked, cut, without anything that could begin a line or move a terminal's cursor.</summary>
internal sealed class LogText(SecretMask mask, IReadOnlyList<Regex> redact, IReadOnlyList<string>? credentials)
{
    private const int MaxValue = 512;
    private const int MaxMasked = 1 << 20;

    /// <summary>Masked and cut; JSON escapes the rest.</summary>
    public string Masked(string value) => Cut(Whole(value.Length <= MaxMasked ? value : value[..MaxMasked]));

    /// <summary>Masked, not cut.</summary>
    public string Whole(string value)
    {
        string masked = mask.Mask(value, credentials);
        foreach (var pattern in redact) masked = pattern.Replace(masked, Secret.Mask);
        return masked;
    }

    /// <summary>Masked, cut, and on one line.</summary>
    public string Plain(string value) => OneLine(Masked(value));

    /// <summary>The same with control characters, line separators and characters that turn the direction of text shown as question marks.</summary>
    public static string OneLine(string value) => value.Any(IsUnsafe) ? string.Concat(value.Select(c => IsUnsafe(c) ? '?' : c)) : value;

    private static bool IsUnsafe(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    // After the mask: the half of a secret would pass it.
    private static string Cut(string value)
    {
        if (value.Length <= MaxValue) return value;
        int end = char.IsHighSurrogate(value[MaxValue - 1]) ? MaxValue - 1 : MaxValue;
        return value[..end] + "...";
    }
}
