using System.Text.Json;

namespace Sluice.Simulator.Hosting;

/// <summary>Reading of members that may be absent, null or of another type than expected.</summary>
internal static class JsonRead
{
    public static bool Has(this JsonElement element, string name, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    public static bool Has(this JsonElement element, string name, string otherName, out JsonElement value) =>
        element.Has(name, out value) || element.Has(otherName, out value);

    public static string? Text(this JsonElement element, string name) =>
        element.Has(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static int? Number(this JsonElement element, string name) =>
        element.Has(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
            ? (int)Math.Clamp(number, int.MinValue, int.MaxValue)
            : null;

    public static double? Real(this JsonElement element, string name) =>
        element.Has(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    public static bool? Flag(this JsonElement element, string name) =>
        element.Has(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;

    public static JsonElement.ArrayEnumerator Items(this JsonElement element, string name) =>
        element.Has(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;

    public static JsonElement.ArrayEnumerator Items(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : default;
}
