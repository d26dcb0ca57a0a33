using System.Text.Json;
using Sluice.Chat;
using Sluice.Embeddings;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;

namespace Sluice.Formats.VertexPredict;

/// <summary>The answer: <c>predictions[].embeddings</c> with <c>values</c> and <c>statistics.token_count</c>, which is all that it tells of its usage.</summary>
internal static class VertexPredictResponse
{
    /// <summary>Reads a body. Throws <see cref="WireFormatException"/>.</summary>
    public static EmbeddingResponse Read(JsonElement root)
    {
        if (root.Array("predictions"u8) is not { } predictions) throw new WireFormatException("predictions", "is missing; a list is required");
        var vectors = new List<ReadOnlyMemory<float>>(predictions.GetArrayLength());
        foreach (var prediction in predictions.EnumerateArray())
        {
            string path = $"predictions[{vectors.Count}].embeddings.values";
            if (prediction.Get("embeddings"u8)?.Get("values"u8) is not { } values) throw new WireFormatException(path, "is missing; a list of numbers is required");
            vectors.Add(FloatVectors.ReadOne(values, path));
        }
        return new EmbeddingResponse { Vectors = vectors, Usage = Usage(root) };
    }

    /// <summary>The tokens of all texts; <see langword="null"/> where the answer does not count them.</summary>
    public static Usage? Usage(JsonElement root)
    {
        long? tokens = null;
        if (root.Get("predictions"u8) is not { ValueKind: JsonValueKind.Array } predictions) return null;
        foreach (var prediction in predictions.EnumerateArray())
        {
            // Some models count in decimals: 4.0.
            if (prediction.Get("embeddings"u8)?.Get("statistics"u8)?.Number("token_count"u8) is >= 0 and <= int.MaxValue and var count) tokens = (tokens ?? 0) + (long)count;
        }
        return tokens is null ? null : new Usage { InputTokens = tokens };
    }
}
