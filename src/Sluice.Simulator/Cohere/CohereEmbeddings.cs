using System.Runtime.InteropServices;
using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Cohere;

/// <summary>Embeddings by type: float, int8, uint8, binary, ubinary, base64.</summary>
internal static class CohereEmbeddings
{
    public static Reply Answer(SimulatedCall call, JsonElement root)
    {
        List<string> texts = [.. root.Items("texts").Select(text => text.GetString() ?? "")];
        texts.AddRange(root.Items("inputs").SelectMany(input => input.Items("content")).Select(part => part.Text("text") ?? part.GetRawText()));
        List<string> images = [.. root.Items("images").Select(image => image.GetString() ?? "")];
        if (texts.Count + images.Count == 0)
            return new CohereProvider().Error(call, new ProviderError(400, null, "invalid request: must provide at least one of texts, images or inputs"));
        if (root.Text("input_type") is null)
            return new CohereProvider().Error(call, new ProviderError(400, null, "invalid request: valid input_type must be provided with the provided model"));
        List<string> types = [.. root.Items("embedding_types").Select(type => type.GetString() ?? "float")];
        if (types.Count == 0)
            types.Add("float");
        call.UserText = texts.Count > 0 ? texts[^1] : "";
        var tokens = texts.Sum(text => PromptMeter.TokensOf(text.Length));
        var vectors = texts.Concat(images).Select(text => Embedding.Make(text, root.Number("output_dimension") ?? 1536)).ToList();
        var frames = new Frames(8192);
        Json.Write(frames.Writer, (call, texts, types, vectors, tokens), static (writer, state) =>
        {
            writer.WriteStartObject();
            writer.WriteString("id", state.call.Stage.Ids.Uuid());
            writer.WriteStartObject("embeddings");
            foreach (var type in state.types)
            {
                writer.WriteStartArray(type);
                foreach (var vector in state.vectors)
                    Write(writer, vector, type);
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
            writer.WriteStartArray("texts");
            foreach (var text in state.texts)
                writer.WriteStringValue(text);
            writer.WriteEndArray();
            writer.WriteStartObject("meta");
            writer.WriteStartObject("api_version");
            writer.WriteString("version", "2");
            writer.WriteEndObject();
            writer.WriteStartObject("billed_units");
            writer.WriteNumber("input_tokens", state.tokens);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteString("response_type", "embeddings_by_type");
            writer.WriteEndObject();
        });
        frames.Cut();
        return CohereProvider.AddHeaders(call, new Reply { ContentType = "application/json", Frames = frames }, tokens);
    }

    private static void Write(Utf8JsonWriter writer, float[] vector, string type)
    {
        if (type == "base64")
        {
            writer.WriteBase64StringValue(MemoryMarshal.AsBytes<float>(vector));
            return;
        }

        writer.WriteStartArray();
        if (type is "binary" or "ubinary")
        {
            for (var i = 0; i + 8 <= vector.Length; i += 8)
            {
                var bits = 0;
                for (var bit = 0; bit < 8; bit++)
                    bits = (bits << 1) | (vector[i + bit] > 0 ? 1 : 0);
                writer.WriteNumberValue(type == "binary" ? bits - 128 : bits);
            }
        }
        else
        {
            foreach (var value in vector)
            {
                if (type is "int8" or "uint8")
                    writer.WriteNumberValue((int)MathF.Round(value * 127) + (type == "uint8" ? 128 : 0));
                else
                    writer.WriteNumberValue(value);
            }
        }

        writer.WriteEndArray();
    }
}
