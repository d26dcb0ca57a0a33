using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Answers;

/// <summary>Strings and numbers that fit a schema, taken from the user's text where it has something: "weather in Paris" gives the city Paris.</summary>
internal static class SampleText
{
    public static string Make(JsonElement schema, string name, string text)
    {
        if (schema.Has("default", out var given) && given.ValueKind == JsonValueKind.String)
            return given.GetString()!;
        var value = schema.Text("format") switch
        {
            "date" => "2026-01-02",
            "date-time" => "2026-01-02T03:04:05Z",
            "time" => "03:04:05Z",
            "email" => "user@example.com",
            "uri" or "url" => "https://example.com/",
            "uuid" => "123e4567-e89b-42d3-a456-426614174000",
            "ipv4" => "192.0.2.1",
            _ => Place(text) ?? name,
        };
        if (schema.Number("minLength") is { } least && value.Length < least)
            value = value.PadRight(Math.Min(least, 10_000), 'x');
        return schema.Number("maxLength") is { } most && value.Length > most ? value[..Math.Max(0, most)] : value;
    }

    public static double Number(JsonElement schema, string text)
    {
        var value = FirstNumber(text) ?? 1;
        if (schema.Real("minimum") is { } least && value < least)
            value = least;
        if (schema.Real("exclusiveMinimum") is { } above && value <= above)
            value = above + 1;
        if (schema.Real("maximum") is { } most && value > most)
            value = most;
        return schema.Real("exclusiveMaximum") is { } below && value >= below ? below - 1 : value;
    }

    private static double? FirstNumber(string text)
    {
        var start = text.AsSpan().IndexOfAnyInRange('0', '9');
        if (start < 0)
            return null;
        var end = start;
        while (end < text.Length && end - start < 9 && char.IsAsciiDigit(text[end]))
            end++;
        return double.Parse(text.AsSpan(start, end - start));
    }

    private static string? Place(string text)
    {
        var words = text.Split((char[])[' ', '\n', '\t', ',', '.', '?', '!', ':', '"'], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 1; i < words.Length; i++)
        {
            if (words[i - 1] is "in" or "for" or "of" or "at" or "to" or "from" && char.IsUpper(words[i][0]))
                return words[i];
        }

        return null;
    }
}
