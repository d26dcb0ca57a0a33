using System.Text.Json;

namespace Sluice.TestKit;

/// <summary>Compares JSON by meaning: member order does not count, number spelling does not count, null and absent differ.</summary>
public static class JsonAssert
{
    /// <summary>The first difference as a sentence with its path; <see langword="null"/> when both mean the same.</summary>
    public static string? Difference(string expected, string actual) => Compare(JsonDocument.Parse(expected).RootElement, JsonDocument.Parse(actual).RootElement, "$");

    private static string? Compare(JsonElement e, JsonElement a, string path)
    {
        if (e.ValueKind != a.ValueKind) return $"{path}: expected {Short(e)}, got {Short(a)}";
        switch (e.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in e.EnumerateObject())
                {
                    if (!a.TryGetProperty(member.Name, out var other)) return $"{path}.{member.Name}: expected {Short(member.Value)}, got nothing";
                    if (Compare(member.Value, other, $"{path}.{member.Name}") is { } inner) return inner;
                }
                foreach (var member in a.EnumerateObject())
                {
                    if (!e.TryGetProperty(member.Name, out _)) return $"{path}.{member.Name}: expected nothing, got {Short(member.Value)}";
                }
                return null;
            case JsonValueKind.Array:
                if (e.GetArrayLength() != a.GetArrayLength()) return $"{path}: expected {e.GetArrayLength()} items, got {a.GetArrayLength()}";
                int index = 0;
                foreach (var (x, y) in e.EnumerateArray().Zip(a.EnumerateArray()))
                {
                    if (Compare(x, y, $"{path}[{index++}]") is { } inner) return inner;
                }
                return null;
            case JsonValueKind.Number:
                return e.GetRawText() == a.GetRawText() || e.GetDouble() == a.GetDouble() ? null : $"{path}: expected {e.GetRawText()}, got {a.GetRawText()}";
            case JsonValueKind.String:
                return e.GetString() == a.GetString() ? null : $"{path}: expected {Short(e)}, got {Short(a)}";
            default:
                return null;
        }
    }

    private static string Short(JsonElement element)
    {
        string text = element.GetRawText();
        return text.Length <= 120 ? text : text[..120] + "...";
    }
}
