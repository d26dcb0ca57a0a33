using System.Text.Json;
using Sluice.Wire;

namespace Sluice.Formats.Json;

/// <summary>Reads members of parsed JSON with a path in every fault. "Absent" covers <c>null</c> unless a name says otherwise.</summary>
internal static class JsonReading
{
    private const decimal MostUsd = 1_000_000m;

    /// <summary>The member unless it is absent or null.</summary>
    public static JsonElement? Get(this JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A string member; a member of another kind is a fault.</summary>
    public static string? String(this JsonElement parent, ReadOnlySpan<byte> name, string path = "")
    {
        if (parent.Get(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(path, name, "a string", value);
    }

    /// <summary>A string member that must be there.</summary>
    public static string RequiredString(this JsonElement parent, ReadOnlySpan<byte> name, string path = "") =>
        parent.String(name, path) ?? throw new WireFormatException(Join(path, name), "is missing; a string is required");

    /// <summary>A number member.</summary>
    public static double? Double(this JsonElement parent, ReadOnlySpan<byte> name, string path = "")
    {
        if (parent.Get(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number) ? number : throw Wrong(path, name, "a number", value);
    }

    /// <summary>A whole-number member; <c>3.0</c> counts as whole.</summary>
    public static long? Int64(this JsonElement parent, ReadOnlySpan<byte> name, string path = "")
    {
        return parent.Get(name) is { } value ? Whole(value, path, name) : null;
    }

    /// <summary>A whole-number member that fits 32 bits.</summary>
    public static int? Int32(this JsonElement parent, ReadOnlySpan<byte> name, string path = "")
    {
        return parent.Get(name) is { } value ? Small(value, path, name) : null;
    }

    /// <summary>The same of a member that was met by going through all: to look for it again each time is work by the square.</summary>
    public static int? Int32(this JsonProperty member, string path = "") =>
        member.Value.ValueKind == JsonValueKind.Null ? null : Small(member.Value, path, System.Text.Encoding.UTF8.GetBytes(member.Name));

    /// <summary>A boolean member.</summary>
    public static bool? Boolean(this JsonElement parent, ReadOnlySpan<byte> name, string path = "")
    {
        if (parent.Get(name) is not { } value) return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(path, name, "true or false", value);
    }

    /// <summary>An object member.</summary>
    public static JsonElement? Object(this JsonElement parent, ReadOnlySpan<byte> name, string path = "")
    {
        if (parent.Get(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Object ? value : throw Wrong(path, name, "an object", value);
    }

    /// <summary>An array member.</summary>
    public static JsonElement? Array(this JsonElement parent, ReadOnlySpan<byte> name, string path = "")
    {
        if (parent.Get(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Array ? value : throw Wrong(path, name, "an array", value);
    }

    /// <summary>A member as raw JSON; the default value where absent. An explicit null is kept when asked.</summary>
    public static RawJson Raw(this JsonElement parent, ReadOnlySpan<byte> name, bool keepNull = false) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && (keepNull || value.ValueKind != JsonValueKind.Null) ? RawJson.From(value) : default;

    /// <summary>A token count of a lenient source: a number of any spelling, or nothing.</summary>
    public static long? Count(this JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.Get(name) is { ValueKind: JsonValueKind.Number } value && TryInt64(value, out long number) ? number : null;

    /// <summary>A count of a usage report: at most <see cref="Sluice.Chat.Usage.MostTokens"/>. What is no whole number, or less than nothing, counts as not told.</summary>
    public static long? Tokens(this JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.Count(name) is { } count and >= 0 ? Math.Min(count, Sluice.Chat.Usage.MostTokens) : null;

    /// <summary>A cost of a usage report in USD. What no call can cost counts as not told.</summary>
    public static decimal? Usd(this JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.Get(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDecimal(out decimal usd) && usd is >= 0 and <= MostUsd ? usd : null;

    /// <summary>A number of a lenient source: what is none, or larger than a double holds, counts as absent.</summary>
    public static double? Number(this JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.Get(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out double number) && double.IsFinite(number) ? number : null;

    /// <summary>A string of a lenient source: anything else counts as absent.</summary>
    public static string? Text(this JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.Get(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary><inheritdoc cref="Text(JsonElement, ReadOnlySpan{byte})"/></summary>
    public static string? Text(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary><inheritdoc cref="Get(JsonElement, ReadOnlySpan{byte})"/></summary>
    public static JsonElement? Member(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>True for the empty string.</summary>
    public static bool ValueEqualsEmpty(this JsonElement value) => value.ValueKind == JsonValueKind.String && value.ValueEquals(ReadOnlySpan<byte>.Empty);

    /// <summary>A path to a member: <c>messages[2].content</c>.</summary>
    public static string Join(string path, ReadOnlySpan<byte> name)
    {
        string member = System.Text.Encoding.UTF8.GetString(name);
        return path.Length == 0 ? member : $"{path}.{member}";
    }

    private static long Whole(JsonElement value, string path, ReadOnlySpan<byte> name)
    {
        if (TryInt64(value, out long number)) return number;
        throw value.ValueKind == JsonValueKind.Number ? new WireFormatException(Join(path, name), "must be a whole number") : Wrong(path, name, "a whole number", value);
    }

    private static int Small(JsonElement value, string path, ReadOnlySpan<byte> name) =>
        Whole(value, path, name) is >= int.MinValue and <= int.MaxValue and var number ? (int)number : throw new WireFormatException(Join(path, name), "is out of range");

    private static bool TryInt64(JsonElement value, out long number)
    {
        number = 0;
        if (value.ValueKind != JsonValueKind.Number) return false;
        if (value.TryGetInt64(out number)) return true;
        if (!value.TryGetDouble(out double d) || d != Math.Floor(d) || Math.Abs(d) > 9e18) return false;
        number = (long)d;
        return true;
    }

    private static WireFormatException Wrong(string path, ReadOnlySpan<byte> name, string wanted, JsonElement got) =>
        new(Join(path, name), $"must be {wanted}, not {Kind(got)}");

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        _ => "null",
    };
}
