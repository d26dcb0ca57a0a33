using System.Text;
using System.Text.Json;
using Sluice.Formats.Json;

namespace Sluice.Formats.Shared;

/// <summary>
/// The words of an error wherever servers put them: at the top, in an object, in a list (Cloudflare's <c>errors</c>, FastAPI's <c>detail</c>), and the reasons that stand beside the
/// message (OpenRouter's <c>metadata</c>, Azure's <c>innererror</c>, Google's <c>details</c>).
/// </summary>
internal static class ErrorWords
{
    private const int MaxText = 500;
    private const int MaxDepth = 4;

    private static readonly byte[][] Names = [.. new[] { "message", "Message", "originalMessage", "detail", "error_description", "error_msg", "status_msg", "msg", "reason", "title", "description" }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] Holders = [.. new[] { "error", "errors", "detail", "message", "details", "base_resp", "response", "result" }.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The words of a body, with the reasons beside them; <see langword="null"/> where there are none.</summary>
    public static string? Of(JsonElement body) => WithReasons(Words(body, 0), body.Get("error"u8) is { ValueKind: JsonValueKind.Object } error ? error : body);

    /// <summary>The message with the reasons that stand beside it.</summary>
    public static string? WithReasons(string? message, JsonElement error)
    {
        List<string>? reasons = null;
        if (error.ValueKind != JsonValueKind.Object) return message;
        if (error.Get("metadata"u8) is { ValueKind: JsonValueKind.Object } metadata)
        {
            Add(Raw(metadata.Get("raw"u8)));
            Add(List(metadata.Get("reasons"u8)));
        }
        if (error.Get("innererror"u8) is { ValueKind: JsonValueKind.Object } inner)
        {
            Add(Words(inner, MaxDepth));
            Add(Filtered(inner.Get("content_filter_result"u8) ?? inner.Get("content_filter_results"u8)));
        }
        Add(Filtered(error.Get("content_filter_result"u8) ?? error.Get("content_filter_results"u8)));
        Add(error.Text("failed_generation"u8));
        Add(error.Text("details"u8));
        Violations(error.Get("details"u8));
        return reasons is null ? message : string.Join("; ", reasons) is var all && string.IsNullOrWhiteSpace(message) ? all : $"{message}: {all}";

        void Add(string? reason)
        {
            if (string.IsNullOrWhiteSpace(reason) || message?.Contains(reason, StringComparison.Ordinal) == true || reasons?.Contains(reason) == true) return;
            (reasons ??= []).Add(Cut(reason));
        }

        // google.rpc.BadRequest and ErrorInfo.
        void Violations(JsonElement? details)
        {
            if (details is not { ValueKind: JsonValueKind.Array } list) return;
            foreach (var detail in list.EnumerateArray())
            {
                Add(detail.Text("detail"u8));
                if (detail.Get("fieldViolations"u8) is not { ValueKind: JsonValueKind.Array } violations) continue;
                foreach (var violation in violations.EnumerateArray()) Add(violation.Text("description"u8));
            }
        }
    }

    /// <summary>The words of a body that is no JSON: text as it is, of a page its title or what can be read; <see langword="null"/> for nothing.</summary>
    public static string? OfText(ReadOnlySpan<byte> body)
    {
        string text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 16 * MaxText)]).Trim();
        if (text.StartsWith('<')) text = Title(text) ?? Visible(text);
        return text.Length == 0 ? null : Cut(text);
    }

    private static string? Words(JsonElement value, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return value.GetString() is { Length: > 0 } text ? text : null;
            case JsonValueKind.Array when depth < MaxDepth:
                var all = value.EnumerateArray().Take(8).Select(item => Fault(item) ?? Words(item, depth + 1)).OfType<string>().Distinct(StringComparer.Ordinal);
                return string.Join("; ", all) is { Length: > 0 } joined ? joined : null;
            case JsonValueKind.Object:
                return InObject(value, depth);
            default:
                return null;
        }
    }

    // An object of an error says more than a title beside it.
    private static string? InObject(JsonElement value, int depth)
    {
        if (value.Get("error"u8) is { ValueKind: JsonValueKind.Object } error && depth < MaxDepth && Words(error, depth + 1) is { } inner) return inner;
        foreach (byte[] name in Names)
        {
            if (value.Text(name) is { } words && !string.IsNullOrWhiteSpace(words)) return words;
        }
        if (depth >= MaxDepth) return null;
        foreach (byte[] name in Holders)
        {
            if (value.Get(name) is { } held && Words(held, depth + 1) is { } words) return words;
        }
        return null;
    }

    // FastAPI: each fault has a place and words.
    private static string? Fault(JsonElement fault)
    {
        if (fault.Get("loc"u8) is not { ValueKind: JsonValueKind.Array } place || fault.Text("msg"u8) is not { } words) return null;
        return $"{string.Join('.', place.EnumerateArray())}: {words}";
    }

    // What OpenRouter's provider said: often the text of a JSON body.
    private static string? Raw(JsonElement? raw)
    {
        if (raw is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) return Words(value, 0);
        string text = value.GetString()!;
        if (!text.TrimStart().StartsWith('{')) return OfText(Encoding.UTF8.GetBytes(text));
        try
        {
            using var document = JsonDocument.Parse(text);
            return Of(document.RootElement) ?? text;
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static string? List(JsonElement? list) => list is { ValueKind: JsonValueKind.Array } items ? string.Join(", ", items.EnumerateArray().Take(16).Select(i => i.ToString())) : null;

    // {"hate":{"filtered":true,"severity":"high"},"jailbreak":{"filtered":true,"detected":true}}
    private static string? Filtered(JsonElement? result)
    {
        if (result is not { ValueKind: JsonValueKind.Object } categories) return null;
        var filtered = new List<string>();
        foreach (var category in categories.EnumerateObject())
        {
            if (category.Value.Get("filtered"u8) is not { ValueKind: JsonValueKind.True }) continue;
            filtered.Add(category.Value.Text("severity"u8) is { } severity ? $"{category.Name} ({severity})" : category.Name);
        }
        return filtered.Count == 0 ? null : $"filtered for {string.Join(", ", filtered)}";
    }

    private static string? Title(string page)
    {
        int open = page.IndexOf("<title", StringComparison.OrdinalIgnoreCase);
        int start = open < 0 ? -1 : page.IndexOf('>', open);
        int end = start < 0 ? -1 : page.IndexOf('<', start);
        return end < 0 || page[(start + 1)..end].Trim() is not { Length: > 0 } title ? null : System.Net.WebUtility.HtmlDecode(title);
    }

    private static string Visible(string page)
    {
        var words = new StringBuilder();
        bool inTag = false;
        foreach (char c in page)
        {
            if (c is '<' or '>') inTag = c == '<';
            else if (!inTag) words.Append(char.IsWhiteSpace(c) ? ' ' : c);
            if (c == '>') words.Append(' ');
        }
        return string.Join(' ', System.Net.WebUtility.HtmlDecode(words.ToString()).Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Cut(string text)
    {
        if (text.Length <= MaxText) return text;
        return text[..(char.IsHighSurrogate(text[MaxText - 1]) ? MaxText - 1 : MaxText)];
    }
}
