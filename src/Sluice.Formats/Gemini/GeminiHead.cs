using System.Text.Json;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Reads one setting without an object model.</summary>
internal static class GeminiHead
{
    /// <summary><c>generationConfig.maxOutputTokens</c>; <see langword="null"/> where it is not set.</summary>
    public static long? MaxTokens(JsonMembers members)
    {
        if (!members.TryGet("generationConfig"u8, out var config) && !members.TryGet("generation_config"u8, out config)) return null;
        var reader = new Utf8JsonReader(members.Value(config), new JsonReaderOptions { MaxDepth = 128 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isLimit = reader.ValueTextEquals("maxOutputTokens"u8) || reader.ValueTextEquals("max_output_tokens"u8);
            reader.Read();
            if (isLimit) return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long limit) ? limit : null;
            reader.Skip();
        }
        return null;
    }
}
