using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Mistral;

/// <summary>Embeddings of one text or of several.</summary>
internal static class MistralEmbeddings
{
    public static Reply Answer(SimulatedCall call, JsonElement root)
    {
        root.Has("input", out var input);
        List<string> texts = input.ValueKind == JsonValueKind.String ? [input.GetString()!] : [.. input.Items().Select(item => item.GetString() ?? "")];
        if (texts.Count == 0)
            return MistralErrors.Reply(call, new ProviderError(422, "input", "Input should not be empty"));
        call.UserText = texts[^1];
        var tokens = texts.Sum(text => PromptMeter.TokensOf(text.Length));
        var frames = new Frames(4096);
        Json.Write(frames.Writer, (call, texts, tokens, dimensions: root.Number("output_dimension") ?? 1024), static (writer, state) =>
        {
            writer.WriteStartObject();
            writer.WriteString("id", state.call.Stage.Ids.Hexadecimal("", 32));
            writer.WriteString("object", "list");
            writer.WriteStartArray("data");
            for (var i = 0; i < state.texts.Count; i++)
            {
                writer.WriteStartObject();
                writer.WriteString("object", "embedding");
                writer.WriteStartArray("embedding");
                foreach (var value in Embedding.Make(state.texts[i], state.dimensions))
                    writer.WriteNumberValue(value);
                writer.WriteEndArray();
                writer.WriteNumber("index", i);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteString("model", state.call.Model);
            writer.WriteStartObject("usage");
            writer.WriteNumber("prompt_tokens", state.tokens);
            writer.WriteNumber("total_tokens", state.tokens);
            writer.WriteNumber("completion_tokens", 0);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
        frames.Cut();
        return MistralErrors.AddHeaders(call, new Reply { ContentType = "application/json", Frames = frames });
    }
}
