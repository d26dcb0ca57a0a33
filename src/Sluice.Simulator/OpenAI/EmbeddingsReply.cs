using System.Runtime.InteropServices;
using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>Embeddings, as numbers or as base64 of little-endian floats.</summary>
internal static class EmbeddingsReply
{
    public static Reply Answer(SimulatedCall call, JsonElement root)
    {
        if (!root.Has("input", out var input))
            return OpenAIErrors.Reply(call, new ProviderError(400, "missing_required_parameter", "Missing required parameter: 'input'.", "input"));
        List<string> texts = input.ValueKind == JsonValueKind.String ? [input.GetString()!] : Texts(input);
        if (texts.Count == 0 || texts.Exists(text => text.Length == 0))
            return OpenAIErrors.Reply(call, new ProviderError(400, "", "Invalid 'input': input cannot be an empty string.", "input"));
        call.UserText = texts[^1];
        var base64 = root.Text("encoding_format") == "base64";
        var dimensions = root.Number("dimensions") ?? (call.Model!.Contains("large", StringComparison.Ordinal) ? 3072 : 1536);
        var tokens = texts.Sum(text => PromptMeter.TokensOf(text.Length));
        var frames = new Frames(4096);
        Json.WriteIndented(frames.Writer, (call, texts, base64, dimensions, tokens), static (writer, state) =>
        {
            writer.WriteStartObject();
            writer.WriteString("object", "list");
            writer.WriteStartArray("data");
            for (var i = 0; i < state.texts.Count; i++)
            {
                writer.WriteStartObject();
                writer.WriteString("object", "embedding");
                writer.WriteNumber("index", i);
                writer.WritePropertyName("embedding");
                Write(writer, Embedding.Make(state.texts[i], state.dimensions), state.base64);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteString("model", state.call.Model);
            writer.WriteStartObject("usage");
            writer.WriteNumber("prompt_tokens", state.tokens);
            writer.WriteNumber("total_tokens", state.tokens);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
        frames.Cut();
        return OpenAIHeaders.Add(call, new Reply { ContentType = "application/json", Frames = frames }).With("openai-model", call.Model!);
    }

    private static void Write(Utf8JsonWriter writer, float[] vector, bool base64)
    {
        if (base64)
        {
            writer.WriteBase64StringValue(MemoryMarshal.AsBytes<float>(vector));
            return;
        }

        writer.WriteStartArray();
        foreach (var value in vector)
            writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }

    private static List<string> Texts(JsonElement input)
    {
        var items = input.Items().ToList();
        if (items.Count > 0 && items[0].ValueKind == JsonValueKind.Number)
            return [input.GetRawText()];
        return [.. items.Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())];
    }
}
