using System.Globalization;
using Sluice.Storage;

namespace Sluice.Accounting.Ledger;

/// <summary>What people write to ask for a report: times and groupings.</summary>
internal static class SpendWords
{
    /// <summary>How a time may be written.</summary>
    public const string Times = "write a date (2026-11-01), a time (2026-11-01T12:00Z) or an age (7d, 12h, 30m)";

    /// <summary>The groupings by name.</summary>
    public static IReadOnlyDictionary<string, SpendBy> Groupings { get; } = Enum.GetValues<SpendBy>().ToDictionary(b => b.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    /// <summary>A time; <see langword="null"/> where it is none.</summary>
    public static DateTimeOffset? Time(string text, DateTimeOffset now)
    {
        if (text.Length > 1 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double amount) && amount < 100_000)
        {
            TimeSpan? age = text[^1] switch { 'd' => TimeSpan.FromDays(amount), 'h' => TimeSpan.FromHours(amount), 'm' => TimeSpan.FromMinutes(amount), 's' => TimeSpan.FromSeconds(amount), _ => null };
            if (age is { } past) return now - past;
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }

    /// <summary>A label <c>NAME=VALUE</c>; <see langword="null"/> where it is none.</summary>
    public static KeyValuePair<string, string>? Label(string text) => text.IndexOf('=') is > 0 and var equals ? new(text[..equals], text[(equals + 1)..]) : null;
}
