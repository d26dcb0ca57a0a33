using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Tools that other providers run, as the like of them that this one runs.</summary>
internal static class AnthropicHostedTools
{
    /// <summary>True for a tool of another provider that this one has its like of.</summary>
    public static bool Has(HostedTool tool) =>
        tool.Type is "googleSearch" or "google_search" or "google_search_retrieval" or "urlContext" or "url_context" or "code_interpreter" or "codeExecution" or "code_execution"
        || tool.Type.StartsWith("web_search", StringComparison.Ordinal);

    /// <summary>Writes web search, page fetching and code execution; reports every other tool as lost.</summary>
    public static void Write(Utf8JsonWriter writer, HostedTool tool, string path, LossReport losses)
    {
        switch (tool.Type)
        {
            case "googleSearch" or "google_search" or "google_search_retrieval":
            case var type when type.StartsWith("web_search", StringComparison.Ordinal):
                losses.Changed(path, "searched by this provider's own web search");
                WriteWebSearch(writer, tool.Json, path, losses);
                break;
            case "urlContext" or "url_context":
                losses.Changed(path, "fetched by this provider's own web fetch");
                WriteSimple(writer, "web_fetch_20250910", "web_fetch");
                break;
            case "code_interpreter" or "codeExecution" or "code_execution":
                losses.Changed(path, "run by this provider's own code execution");
                WriteSimple(writer, "code_execution_20250825", "code_execution");
                break;
            default:
                losses.Dropped(path, $"only {tool.Format} has the tool '{tool.Type}'");
                break;
        }
    }

    private static void WriteWebSearch(Utf8JsonWriter writer, RawJson json, string path, LossReport losses)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "web_search_20250305"u8);
        writer.WriteString("name"u8, "web_search"u8);
        if (!json.IsAbsent)
        {
            using var document = JsonDocument.Parse(json.Utf8, Decoding.Pieces);
            var root = document.RootElement;
            if (root.Get("search_context_size"u8) is not null) losses.Dropped($"{path}.search_context_size", "this provider has no such setting");
            if (root.Get("filters"u8)?.Get("allowed_domains"u8) is { ValueKind: JsonValueKind.Array } domains)
            {
                writer.WritePropertyName("allowed_domains"u8);
                domains.WriteTo(writer);
            }
            if (root.Get("user_location"u8) is { ValueKind: JsonValueKind.Object } location) WriteLocation(writer, location);
        }
        writer.WriteEndObject();
    }

    private static void WriteLocation(Utf8JsonWriter writer, JsonElement location)
    {
        var place = location.Get("approximate"u8) ?? location; // Chat Completions nests it
        writer.WriteStartObject("user_location"u8);
        writer.WriteString("type"u8, "approximate"u8);
        foreach (string name in (ReadOnlySpan<string>)["city", "region", "country", "timezone"])
        {
            if (place.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String) writer.WriteString(name, value.GetString());
        }
        writer.WriteEndObject();
    }

    private static void WriteSimple(Utf8JsonWriter writer, string type, string name)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
        writer.WriteString("name"u8, name);
        writer.WriteEndObject();
    }
}
