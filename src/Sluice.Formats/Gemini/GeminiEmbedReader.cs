using System.Text.Json;
using Sluice.Embeddings;
using Sluice.Formats.Json;

namespace Sluice.Formats.Gemini;

/// <summary>Reads embedding requests and answers, single and in batches.</summary>
internal static class GeminiEmbedReader
{
    public static EmbeddingRequest Request(JsonElement root, string model, bool isBatch)
    {
        var notes = default(GeminiNotesBuilder);
        var read = new EmbeddingRequest { Model = model, Inputs = [], IsSingle = !isBatch };
        var inputs = new List<EmbeddingInput>();
        if (!isBatch)
        {
            read = Single(read, root, "", inputs, ref notes);
        }
        else
        {
            notes.Mark("batch");
            foreach (var member in root.EnumerateObject())
            {
                if (notes.Name(member) is not { } name) continue;
                if (name == "requests" && member.Value.ValueKind == JsonValueKind.Array) read = Batch(read, member.Value, inputs, ref notes);
                else notes.Keep(member);
            }
        }
        if (inputs.Count == 0) throw new WireFormatException(isBatch ? "requests" : "content", "is missing; content with a text is required");
        return read with { Inputs = inputs, Notes = notes.Build() };
    }

    public static EmbeddingResponse Response(JsonElement root)
    {
        var notes = default(GeminiNotesBuilder);
        var vectors = new List<ReadOnlyMemory<float>>();
        Chat.Usage? usage = null;
        bool hasVectors = false;
        foreach (var member in root.EnumerateObject())
        {
            switch (notes.Name(member))
            {
                case null: break;
                case "embedding" when member.Value.ValueKind == JsonValueKind.Object:
                    hasVectors = true;
                    vectors.Add(Vector(member.Value, ref notes));
                    break;
                case "embeddings" when member.Value.ValueKind == JsonValueKind.Array:
                    hasVectors = true;
                    foreach (var embedding in member.Value.EnumerateArray()) vectors.Add(Vector(embedding, ref notes));
                    break;
                case "usageMetadata" when member.Value.ValueKind == JsonValueKind.Object: usage = GeminiUsage.Read(member.Value) with { OutputTokens = null }; break;
                default: notes.Keep(member); break;
            }
        }
        if (!hasVectors) throw new WireFormatException("embeddings", "is missing");
        return new EmbeddingResponse { Vectors = vectors, Usage = usage, Notes = notes.Build() };
    }

    private static EmbeddingRequest Batch(EmbeddingRequest read, JsonElement requests, List<EmbeddingInput> inputs, ref GeminiNotesBuilder notes)
    {
        var first = read;
        foreach (var request in requests.EnumerateArray())
        {
            string path = $"requests[{inputs.Count}]";
            if (request.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be an object");
            var unused = default(GeminiNotesBuilder);
            var next = inputs.Count == 0 ? first = Single(read, request, path, inputs, ref notes) : Single(read, request, path, inputs, ref unused);
            // Other formats set these once for all inputs.
            if (next.Purpose != first.Purpose || next.Title != first.Title || next.Dimensions != first.Dimensions) throw new WireFormatException(path, "taskType, title and outputDimensionality must be the same in all requests of a batch that goes to another provider");
        }
        return first;
    }

    private static EmbeddingRequest Single(EmbeddingRequest read, JsonElement request, string path, List<EmbeddingInput> inputs, ref GeminiNotesBuilder notes)
    {
        foreach (var member in request.EnumerateObject())
        {
            switch (notes.Name(member))
            {
                case null: break;
                case "content": inputs.Add(new EmbeddingInput { Text = TextOf(member.Value, JsonReading.Join(path, "content"u8), ref notes) }); break;
                case "model": notes.Mark("model"); break;
                case "taskType" when member.Value.ValueKind == JsonValueKind.String: read = read with { Purpose = member.Value.GetString() }; break;
                case "title" when member.Value.ValueKind == JsonValueKind.String: read = read with { Title = member.Value.GetString() }; break;
                case "outputDimensionality": read = read with { Dimensions = member.Int32(path) }; break;
                case "autoTruncate" when member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False: read = read with { Truncate = member.Value.GetBoolean() }; break;
                default: notes.Keep(member); break;
            }
        }
        return read;
    }

    private static string TextOf(JsonElement content, string path, ref GeminiNotesBuilder notes)
    {
        if (content.ValueKind != JsonValueKind.Object || content.Get("parts"u8) is not { ValueKind: JsonValueKind.Array } parts) throw new WireFormatException(path, "must be an object with parts");
        if (content.Text("role"u8) is { } role) notes.Mark("role", role);
        var texts = new List<string>();
        foreach (var part in parts.EnumerateArray())
        {
            texts.Add(part.Text("text"u8) ?? throw new WireFormatException($"{path}.parts[{texts.Count}]", "only text can be embedded by another provider"));
        }
        return string.Join('\n', texts);
    }

    private static ReadOnlyMemory<float> Vector(JsonElement embedding, ref GeminiNotesBuilder notes)
    {
        if (embedding.ValueKind != JsonValueKind.Object) throw new WireFormatException("embeddings", "must hold objects");
        float[]? vector = null;
        foreach (var member in embedding.EnumerateObject())
        {
            if (member.NameEquals("values"u8) && member.Value.ValueKind == JsonValueKind.Array) vector = Values(member.Value);
            else notes.Keep(member, "embedding.");
        }
        return vector ?? throw new WireFormatException("embeddings[].values", "is missing");
    }

    private static float[] Values(JsonElement values)
    {
        float[] vector = new float[values.GetArrayLength()];
        int at = 0;
        foreach (var value in values.EnumerateArray())
        {
            if (value.ValueKind != JsonValueKind.Number || !value.TryGetSingle(out vector[at]) || !float.IsFinite(vector[at++])) throw new WireFormatException("embeddings[].values", "must hold numbers");
        }
        return vector;
    }
}
