using System.Text.Json;
using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>What routing must know of a request to <c>/api/chat</c> or <c>/api/generate</c>.</summary>
internal static class OllamaHead
{
    /// <summary>Reads it. A stream is what a request gets that says nothing.</summary>
    public static RequestHead Read(JsonMembers members) => OfModel(members) with
    {
        Stream = members.GetBoolean("stream"u8) ?? true,
        MaxTokens = members.TryGet("options"u8, out var options) ? Limit(members.Value(options)) : null,
    };

    /// <summary>Reads the model alone, for the endpoints that give no stream.</summary>
    public static RequestHead OfModel(JsonMembers members)
    {
        string? model = members.GetString("model"u8);
        return new() { Model = model, ModelAlias = OllamaNames.WithoutLatest(model) };
    }

    private static long? Limit(ReadOnlySpan<byte> options)
    {
        if (options.IndexOf("\"num_predict\""u8) < 0) return null;
        var reader = new Utf8JsonReader(options, new JsonReaderOptions { MaxDepth = 128 });
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("num_predict"u8)) continue;
            return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long limit) && limit > 0 ? limit : null;
        }
        return null;
    }
}
