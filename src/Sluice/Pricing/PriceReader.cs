using System.Globalization;
using System.Text.Json;
using Sluice.Configuration;

namespace Sluice.Pricing;

/// <summary>Reads the prices of a catalogue record. Throws <see cref="FormatException"/> that names the member and what would be right.</summary>
internal static class PriceReader
{
    private static readonly string[] Weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    public static PriceList Read(JsonElement model, string origin) => new()
    {
        Periods = model.TryGetProperty("prices", out var prices) ? [.. Items(prices, "prices").Select(Period)] : [],
        Tiers = Members(model, "tiers").ToDictionary(t => t.Name.ToLowerInvariant(), t => Tier(t.Value), StringComparer.Ordinal),
        Factors = Members(model, "factors").ToDictionary(f => f.Name.ToLowerInvariant(), f => Number(f.Value, $"factors.{f.Name}"), StringComparer.Ordinal),
        Origin = origin,
    };

    private static PricePeriod Period(JsonElement json, int index)
    {
        string path = $"prices[{index}]";
        return new PricePeriod
        {
            From = Moment(json, "from", path),
            Until = Moment(json, "until", path),
            Tokens = json.TryGetProperty("tokens", out var tokens) ? Tokens(tokens, $"{path}.tokens") : TokenPrices.None,
            Long = json.TryGetProperty("long", out var steps) ? [.. Items(steps, $"{path}.long").Select(Long).OrderBy(s => s.FromInput)] : [],
            Hours = json.TryGetProperty("hours", out var hours) ? [.. Items(hours, $"{path}.hours").Select(Hours)] : [],
            Calls = Members(json, "calls").ToDictionary(c => c.Name, c => Fee(c.Value, $"{path}.calls.{c.Name}"), StringComparer.Ordinal),
            Units = Members(json, "units").ToDictionary(u => u.Name, u => Number(u.Value, $"{path}.units.{u.Name}"), StringComparer.Ordinal),
        };
    }

    private static LongContextPrice Long(JsonElement json, int index) =>
        new((long)Number(Need(json, "from_input", "long"), "long.from_input"), Tokens(Need(json, "tokens", "long"), $"long[{index}].tokens"));

    private static HourlyPrice Hours(JsonElement json, int index)
    {
        string path = $"hours[{index}]";
        var utc = Items(Need(json, "utc", path), $"{path}.utc").ToArray();
        if (utc.Length != 2) throw new FormatException($"{path}.utc: two times are needed, e.g. [\"01:00\", \"04:00\"]");
        var days = json.TryGetProperty("days", out var list) ? Items(list, $"{path}.days").Select(d => Day(d, path)).ToArray() : [];
        return new HourlyPrice(days, Time(utc[0], path), Time(utc[1], path), Tokens(Need(json, "tokens", path), $"{path}.tokens"));
    }

    private static DayOfWeek Day(JsonElement json, string path) => Array.IndexOf(Weekdays, json.GetString()) is >= 0 and var day
        ? (DayOfWeek)day
        : throw new FormatException($"{path}.days: '{json}' is no day; days are {string.Join(", ", Weekdays)}");

    private static TimeOnly Time(JsonElement json, string path) => TimeOnly.TryParseExact(json.GetString(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        ? time
        : throw new FormatException($"{path}.utc: '{json}' is no time; write it as 06:30");

    private static ServiceTierPrice Tier(JsonElement json) => new()
    {
        Factor = json.TryGetProperty("factor", out var factor) ? Number(factor, "tiers.factor") : 1m,
        Tokens = json.TryGetProperty("tokens", out var tokens) ? Tokens(tokens, "tiers.tokens") : null,
        NoCacheDiscount = json.TryGetProperty("no_cache_discount", out var none) && none.ValueKind == JsonValueKind.True,
    };

    private static TokenPrices Tokens(JsonElement json, string path)
    {
        var prices = new List<KeyValuePair<TokenKind, decimal>>();
        foreach (var member in Object(json, path).EnumerateObject())
        {
            var kind = TokenKinds.Parse(member.Name)
                ?? throw new FormatException($"{path}.{member.Name}: no such kind of token; kinds are {string.Join(", ", TokenKinds.Names)}");
            prices.Add(new(kind, Number(member.Value, $"{path}.{member.Name}")));
        }
        return new TokenPrices(prices);
    }

    // A number: for each call. {"once": number}: for each prompt that made any. {"low": number, ...}: by the size of the search.
    private static FeePrice Fee(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object) return new FeePrice(Number(json, path), Empty<decimal>.Map);
        if (json.TryGetProperty("once", out var once)) return new FeePrice(Number(once, $"{path}.once"), Empty<decimal>.Map) { IsOncePerPrompt = true };
        return new FeePrice(null, json.EnumerateObject().ToDictionary(m => m.Name, m => Number(m.Value, $"{path}.{m.Name}"), StringComparer.OrdinalIgnoreCase));
    }

    // Money is written as text; a JSON number is taken too, digit by digit, never through a binary fraction.
    private static decimal Number(JsonElement json, string path)
    {
        string? text = json.ValueKind switch
        {
            JsonValueKind.String => json.GetString(),
            JsonValueKind.Number => json.GetRawText(),
            _ => null,
        };
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out decimal value)
            ? value
            : throw new FormatException($"{path}: '{json}' is no amount; write it as \"0.25\"");
    }

    private static DateTimeOffset? Moment(JsonElement json, string name, string path)
    {
        if (!json.TryGetProperty(name, out var value)) return null;
        return DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : throw new FormatException($"{path}.{name}: '{value}' is no date; write it as 2026-11-21 or 2026-11-21T16:00:00Z");
    }

    private static JsonElement Need(JsonElement json, string name, string path) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : throw new FormatException($"{path}: '{name}' is missing");

    private static JsonElement Object(JsonElement json, string path) =>
        json.ValueKind == JsonValueKind.Object ? json : throw new FormatException($"{path}: an object is needed");

    private static JsonElement.ArrayEnumerator Items(JsonElement json, string path) =>
        json.ValueKind == JsonValueKind.Array ? json.EnumerateArray() : throw new FormatException($"{path}: a list is needed");

    private static JsonElement.ObjectEnumerator Members(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? Object(value, name).EnumerateObject() : default;
}
