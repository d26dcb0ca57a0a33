using System.Text.Json;

namespace Sluice.Formats.Tests.Fidelity;

/// <summary>What a request asks for, in no format's words: for each feature, what it says. Filled by readers that know nothing of the codecs.</summary>
internal sealed class PlainRequest
{
    /// <summary>The features in the order of the tables.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "system prompt", "text", "tool calls", "tool results", "image", "document", "audio", "video", "tools", "tool schemas", "tool choice", "one call at a time", "answer schema", "max tokens",
        "temperature", "top_p", "top_k", "stop", "seed", "penalties", "reasoning wanted", "earlier reasoning", "provider's tools", "provider's tool history",
    ];

    private readonly Dictionary<string, List<string>> _said = [];

    /// <summary>What is said of a feature; <see langword="null"/> for nothing.</summary>
    public string? this[string feature] => _said.TryGetValue(feature, out var said) ? string.Join('\n', said) : null;

    public void Say(string feature, string what)
    {
        if (what.Length == 0) return;
        if (!_said.TryGetValue(feature, out var said)) _said[feature] = said = [];
        said.Add(what);
    }

    /// <summary>Text, without regard to white space: formats join and cut it differently.</summary>
    public void Text(string feature, string text)
    {
        string squeezed = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        if (squeezed.Length == 0) return;
        if (!_said.TryGetValue(feature, out var said)) _said[feature] = [squeezed];
        else said[^1] += squeezed;
    }

    public void Call(string name, string arguments) => Say("tool calls", $"{name} {PlainJson.Canonical(arguments)}");

    public void Number(string feature, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number) Say(feature, value.Canonical());
    }

    public void Stop(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) Say("stop", value.GetString()!);
        if (value.ValueKind != JsonValueKind.Array) return;
        foreach (var item in value.EnumerateArray()) Say("stop", item.GetString()!);
    }

    /// <summary>A tool with the names of its parameters: dialects of schemas spell the rest differently.</summary>
    public void Tool(string name, JsonElement schema)
    {
        Say("tools", name);
        Say("tool schemas", $"{name}({string.Join(',', Properties(schema).Order(StringComparer.Ordinal))})");
    }

    public void Schema(JsonElement schema)
    {
        if (schema.Is()) Say("answer schema", string.Join(',', Properties(schema).Order(StringComparer.Ordinal)));
    }

    /// <summary>A medium in its bytes or by its address.</summary>
    public void Media(string kind, string data, string url, string mediaType = "")
    {
        if (url.StartsWith("data:", StringComparison.Ordinal))
        {
            int comma = url.IndexOf(',', StringComparison.Ordinal);
            (mediaType, data, url) = (url[5..comma].Split(';')[0], url[(comma + 1)..], "");
        }
        // Some take an address where bytes belong.
        if (data.StartsWith("data:", StringComparison.Ordinal) || data.StartsWith("http", StringComparison.Ordinal))
        {
            Media(kind, "", data);
            return;
        }
        string actual = mediaType.Split('/')[0] is "image" or "audio" or "video" ? mediaType.Split('/')[0] : mediaType.Length > 0 ? "document" : kind;
        Say(actual, data.Length > 0 ? $"{data.Length}:{data[..Math.Min(24, data.Length)]}" : url);
    }

    private static IEnumerable<string> Properties(JsonElement schema) => schema.At("properties") is { ValueKind: JsonValueKind.Object } properties ? properties.EnumerateObject().Select(p => p.Name) : [];
}
