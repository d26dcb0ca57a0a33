using System.Text.Json;
using Sluice.Chat;

namespace Sluice.Pricing;

/// <summary>Reads counts leniently: a member that is absent, null or of another kind is no count.</summary>
internal static class UsageJson
{
    private const decimal MostUsd = 1_000_000m;

    /// <summary>A whole number, at most <see cref="Usage.MostTokens"/>; some providers write it with a fraction (<c>110.0</c>). Less than nothing is no count.</summary>
    public static long? Count(this JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Number) return null;
        if (value.TryGetInt64(out long whole)) return whole >= 0 ? Math.Min(whole, Usage.MostTokens) : null;
        return value.TryGetDecimal(out decimal number) && number is >= 0 and <= long.MaxValue && number == decimal.Floor(number) ? (long)Math.Min(number, Usage.MostTokens) : null;
    }

    /// <summary>What a provider says that a call cost, in USD. What no call can cost is not told.</summary>
    public static decimal? Usd(this JsonElement json, string name) =>
        json.Below(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDecimal(out decimal usd) && usd is >= 0 and <= MostUsd ? usd : null;

    public static string? Text(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>An object below; an undefined element, in which nothing is found, where there is none.</summary>
    public static JsonElement Below(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : default;

    /// <summary>Tool calls with a name, without those that did not happen; null where none did.</summary>
    public static Dictionary<string, long>? Calls(params ReadOnlySpan<(string Tool, long? Count)> calls)
    {
        Dictionary<string, long>? made = null;
        foreach (var (tool, count) in calls)
        {
            if (count > 0) (made ??= new(StringComparer.Ordinal))[tool] = count.Value;
        }
        return made;
    }
}
