using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Ollama;

/// <summary>Embeddings, in the present form and in the older one for a single prompt.</summary>
internal static class OllamaEmbeddings
{
    private const int Dimensions = 768;

    public static Reply Embed(SimulatedCall call, JsonElement root)
    {
        root.Has("input", out var input);
        List<string> texts = input.ValueKind == JsonValueKind.String ? [input.GetString()!] : [.. input.Items().Select(item => item.GetString() ?? "")];
        call.UserText = texts.Count > 0 ? texts[^1] : "";
        return OllamaReplies.Whole((call, texts, dimensions: root.Number("dimensions") ?? Dimensions), static (writer, state) =>
        {
            writer.WriteStartObject();
            writer.WriteString("model", state.call.Model);
            writer.WriteStartArray("embeddings");
            foreach (var text in state.texts)
                Write(writer, text, state.dimensions);
            writer.WriteEndArray();
            writer.WriteNumber("total_duration", 14_143_917);
            writer.WriteNumber("load_duration", 1_019_500);
            writer.WriteNumber("prompt_eval_count", state.texts.Sum(text => PromptMeter.TokensOf(text.Length)));
            writer.WriteEndObject();
        });
    }

    public static Reply Legacy(SimulatedCall call, JsonElement root)
    {
        call.UserText = root.Text("prompt") ?? "";
        return OllamaReplies.Whole(call.UserText, static (writer, text) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("embedding");
            Write(writer, text, Dimensions);
            writer.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter writer, string text, int dimensions)
    {
        writer.WriteStartArray();
        foreach (var value in Embedding.Make(text, dimensions))
            writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }
}
