using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using Sluice.Providers;

namespace Sluice.Upstream;

/// <summary>Reads how long a provider asks to wait.</summary>
internal static class RetryAfter
{
    private const double MostSeconds = 1e6;
    private static readonly SearchValues<char> DurationLetters = SearchValues.Create("0123456789.hms");

    /// <summary>
    /// The wait from <c>retry-after-ms</c> or <c>Retry-After</c> (seconds or a date), else until the vendor's own limits that are used up are whole
    /// again; <see langword="null"/> where the headers say nothing. Limits that have something left say nothing of an error.
    /// </summary>
    public static TimeSpan? Read(HttpResponseHeaders headers, IReadOnlyList<VendorLimitHeader> limits, TimeProvider time)
    {
        if (Number(headers, "retry-after-ms") is { } millis) return Seconds(millis / 1000);
        if (Number(headers, "Retry-After") is { } seconds) return Seconds(seconds);
        if (Value(headers, "Retry-After") is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)) return Seconds((date - time.GetUtcNow()).TotalSeconds);
        return Exhausted(headers, limits, time);
    }

    /// <summary>How long until all limits of which nothing is left are whole again; <see langword="null"/> where each has something left.</summary>
    public static TimeSpan? Exhausted(HttpResponseHeaders headers, IReadOnlyList<VendorLimitHeader> limits, TimeProvider time)
    {
        TimeSpan? longest = null;
        foreach (var limit in limits)
        {
            // Azure writes -1 for what it does not count.
            if (Number(headers, limit.Remaining) is 0 && Reset(headers, limit, time) is { } wait && (longest is null || wait > longest)) longest = wait;
        }
        return longest;
    }

    /// <summary>The wait that an error's text names, as OpenAI's does: <c>Please try again in 41.724s.</c></summary>
    public static TimeSpan? FromMessage(string message)
    {
        const string Marker = "try again in ";
        int at = message.IndexOf(Marker, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return null;
        var rest = message.AsSpan(at + Marker.Length);
        int end = rest.IndexOfAnyExcept(DurationLetters);
        var text = (end < 0 ? rest : rest[..end]).TrimEnd('.');
        return text.Length > 0 && char.IsAsciiLetter(text[^1]) ? Duration(text.ToString()) : null;
    }

    /// <summary>A duration as OpenAI writes it: numbers with the units <c>h</c>, <c>m</c>, <c>s</c>, <c>ms</c> in a row; a bare number is seconds.</summary>
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
            double? seconds = text[unit..at] switch { "d" => 86_400, "h" => 3600, "m" => 60, "s" or "" => 1, "ms" => 0.001, _ => null };
            if (seconds is null) return null;
            total += TimeSpan.FromSeconds(Math.Min(number * seconds.Value, MostSeconds));
        }
        return text.Length == 0 ? null : total;
    }

    /// <summary>How long until all limits are whole again, whatever is left of them: for a call that was refused although none was used up.</summary>
    public static TimeSpan? Longest(HttpResponseHeaders headers, IReadOnlyList<VendorLimitHeader> limits, TimeProvider time)
    {
        TimeSpan? longest = null;
        foreach (var limit in limits)
        {
            if (Reset(headers, limit, time) is { } wait && wait > TimeSpan.Zero && (longest is null || wait > longest)) longest = wait;
        }
        return longest;
    }

    private static TimeSpan? Reset(HttpResponseHeaders headers, VendorLimitHeader limit, TimeProvider time)
    {
        if (limit.Reset is not { } name || Value(headers, name) is not { } text) return null;
        return limit.ResetAs switch
        {
            LimitResetForm.Duration => Duration(text),
            LimitResetForm.Timestamp => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? Seconds((at - time.GetUtcNow()).TotalSeconds) : null,
            LimitResetForm.Seconds => Number(headers, name) is { } seconds ? Seconds(seconds) : null,
            LimitResetForm.UnixMilliseconds => Number(headers, name) is { } unix ? Seconds((unix - time.GetUtcNow().ToUnixTimeMilliseconds()) / 1000) : null,
            _ => null,
        };
    }

    private static TimeSpan Seconds(double seconds) => double.IsFinite(seconds) ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, MostSeconds)) : TimeSpan.Zero;

    private static double? Number(HttpResponseHeaders headers, string name) =>
        Value(headers, name) is { } text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    private static string? Value(HttpResponseHeaders headers, string name) => headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
