using System.Text.Json;
using Sluice.Chat;
using Sluice.Client;
using Sluice.Engine;
using Sluice.Pricing;

namespace Sluice.Budgets;

/// <summary>The hosted tools with a fee that a request hands to the model, and how often each may be called.</summary>
internal static class RequestedTools
{
    /// <summary>The calls that count for a tool without a bound of its own (<c>max_uses</c>, <c>max_tool_calls</c>).</summary>
    private const long UsualCalls = 10;

    private static byte[][] Marks { get; } = [.. new[] { "search", "Search", "code_", "image_generation", "aps\"" }.Select(System.Text.Encoding.UTF8.GetBytes)];

    /// <summary>Most calls by the name of the fee; <see langword="null"/> where the request has no such tool.</summary>
    public static IReadOnlyDictionary<string, long>? Of(CallContext call)
    {
        var members = call.Members;
        // In the library a request comes as objects.
        if (call.Inbound.Format is DirectFormat) return call.Chat is { IsSuccess: true, Value: { } request } ? Count(request.Tools.OfType<HostedTool>().Select(t => t.Json.ToElement()), UsualCalls) : null;
        if (!members.TryGet("tools"u8, out var tools) || !MayHold(members.Value(tools))) return null;
        var reader = new Utf8JsonReader(members.Value(tools), new JsonReaderOptions { MaxDepth = 256 });
        if (!JsonElement.TryParseValue(ref reader, out var list) || list.Value.ValueKind != JsonValueKind.Array) return null;
        return Count(list.Value.EnumerateArray(), members.GetInt64("max_tool_calls"u8) ?? UsualCalls);
    }

    private static Dictionary<string, long>? Count(IEnumerable<JsonElement> tools, long most)
    {
        Dictionary<string, long>? calls = null;
        foreach (var tool in tools)
        {
            if (tool.ValueKind != JsonValueKind.Object || Fee(tool) is not { } fee) continue;
            calls ??= new(StringComparer.Ordinal);
            calls[fee] = calls.GetValueOrDefault(fee) + (tool.Count("max_uses") ?? most);
        }
        return calls;
    }

    private static bool MayHold(ReadOnlySpan<byte> tools)
    {
        if (tools.IndexOf("\\u00"u8) >= 0) return true;
        foreach (byte[] mark in Marks)
        {
            if (tools.IndexOf(mark) >= 0) return true;
        }
        return false;
    }

    // A function of the client's own may be called web_search; its type is another.
    private static string? Fee(JsonElement tool) => tool.Text("type") switch
    {
        "web_search" or "web_search_preview" => "web_search",
        { } dated when dated.StartsWith("web_search_", StringComparison.Ordinal) => "web_search",
        "file_search" => "file_search",
        "code_interpreter" or "code_execution" => "code_execution",
        "image_generation" => "image_generation",
        "x_search" => "social_search",
        null => Google(tool),
        _ => null,
    };

    // Gemini names a tool by the member that holds its settings.
    private static string? Google(JsonElement tool)
    {
        foreach (var member in tool.EnumerateObject())
        {
            switch (member.Name)
            {
                case "googleSearch" or "google_search" or "googleSearchRetrieval" or "google_search_retrieval": return "web_search";
                case "googleMaps" or "google_maps": return "google_maps";
            }
        }
        return null;
    }
}
