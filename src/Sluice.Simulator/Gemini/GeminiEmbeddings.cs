using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Gemini;

/// <summary>Embeddings of one content or of several.</summary>
internal static class GeminiEmbeddings
{
    public static Reply Answer(SimulatedCall call, JsonElement root, bool batch)
    {
        var requests = batch ? [.. root.Items("requests")] : new List<JsonElement> { root };
        if (requests.Count == 0)
            return GeminiErrors.Reply(call, new ProviderError(400, null, "* BatchEmbedContentsRequest.requests: at least one request is required\n"));
        var inputs = new List<(string Text, int Dimensions)>();
        foreach (var request in requests)
        {
            var text = "";
            if (request.Has("content", out var content))
                text = string.Join("\n", content.Items("parts").Select(part => part.Text("text") ?? ""));
            if (text.Length == 0)
                return GeminiErrors.Reply(call, new ProviderError(400, null, "* EmbedContentRequest.content: content is required\n"));
            inputs.Add((text, request.Number("outputDimensionality") ?? request.Number("output_dimensionality") ?? 3072));
        }

        call.UserText = inputs[^1].Text;
        var frames = new Frames(4096);
        Json.WriteIndented(frames.Writer, (inputs, batch), static (writer, state) =>
        {
            writer.WriteStartObject();
            if (state.batch)
                writer.WriteStartArray("embeddings");
            else
                writer.WritePropertyName("embedding");
            foreach (var (text, dimensions) in state.inputs)
            {
                writer.WriteStartObject();
                writer.WriteStartArray("values");
                foreach (var value in Embedding.Make(text, dimensions))
                    writer.WriteNumberValue(value);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            if (state.batch)
                writer.WriteEndArray();
            writer.WriteEndObject();
        });
        frames.Cut();
        return GeminiErrors.AddHeaders(new Reply { ContentType = "application/json; charset=UTF-8", Frames = frames });
    }
}
