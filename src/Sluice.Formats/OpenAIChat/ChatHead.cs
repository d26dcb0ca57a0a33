using System.Text.Json;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>What routing must know of a request whose body has <c>model</c>, <c>stream</c> and <c>stream_options</c>.</summary>
internal static class ChatHead
{
    /// <summary>Reads it from the scanned top level.</summary>
    public static RequestHead Read(JsonMembers members) => new()
    {
        Model = members.GetString("model"u8),
        Stream = members.GetBoolean("stream"u8) == true,
        IncludeUsage = IncludesUsage(members),
        MaxTokens = members.GetInt64("max_completion_tokens"u8) ?? members.GetInt64("max_tokens"u8),
    };

    private static bool IncludesUsage(JsonMembers members)
    {
        if (!members.TryGet("stream_options"u8, out var options)) return false;
        var reader = new Utf8JsonReader(members.Value(options), new JsonReaderOptions { MaxDepth = 128 });
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.Get("include_usage"u8) is { ValueKind: JsonValueKind.True };
    }
}
