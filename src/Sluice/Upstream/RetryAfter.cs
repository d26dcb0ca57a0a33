using System.Globalization;
using System.Net.Http.Headers;

namespace Sluice.Upstream;

/// <summary>Reads how long a provider asks to wait.</summary>
internal static class RetryAfter
{
    private static readonly string[] ResetHeaders = ["x-ratelimit-reset-requests", "x-ratelimit-reset-tokens"];

    /// <summary>
    /// The wait from <c>retry-after-ms</c>, <c>Retry-After</c> (seconds or a date), else from OpenAI's reset durations (<c>1s</c>, <c>6m0s</c>,
    /// <c>120ms</c>), whichever comes first; <see langword="null"/> where none is given.
    /// </summary>
    public static TimeSpan? Read(HttpResponseHeaders headers, TimeProvider time)
    {
        if (Value(headers, "retry-after-ms") is { } ms && double.TryParse(ms, NumberStyles.Float, CultureInfo.InvariantCulture, out double millis)) return Positive(TimeSpan.FromMilliseconds(Math.Clamp(millis, 0, 1e9)));
        if (Value(headers, "Retry-After") is { } after)
        {
            if (double.TryParse(after, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)) return Positive(TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 1e6)));
            if (DateTimeOffset.TryParse(after, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)) return Positive(date - time.GetUtcNow());
        }
        TimeSpan? longest = null;
        foreach (string name in ResetHeaders)
        {
            if (Value(headers, name) is { } text && Duration(text) is { } wait && (longest is null || wait > longest)) longest = wait;
        }
        return longest;
    }

    /// <summary>A duration as OpenAI writes it: numbers with the units <c>h</c>, <c>m</c>, <c>s</c>, <c>ms</c> in a row.</summary>
    public static TimeSpan? Duration(string text)
    {
        var total = TimeSpan.Zero;
        int at = 0;
        while (at < text.Length)
        {
            int start = at;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.')) at++;
            if (at == start || !double.TryParse(text.AsSpan(start, at - start), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || number > 1e9) return null;
            int unit = at;
            while (at < text.Length && char.IsAsciiLetter(text[at])) at++;
            double? seconds = text[unit..at] switch { "h" => 3600, "m" => 60, "s" or "" => 1, "ms" => 0.001, _ => null };
            if (seconds is null) return null;
            total += TimeSpan.FromSeconds(Math.Min(number * seconds.Value, 1e6));
        }
        return text.Length == 0 ? null : total;
    }

    private static TimeSpan Positive(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait;

    private static string? Value(HttpResponseHeaders headers, string name) => headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
