using System.Text.Json;
using Sluice.Embeddings;
using Sluice.Formats.CohereEmbed;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.BedrockEmbed;

/// <summary>Cohere's embeddings on Bedrock: Cohere's body without <c>model</c>; an answer has plain vectors, or vectors by type where types were asked for or the model is newer.</summary>
internal sealed class CohereOnBedrockFormat() : BedrockEmbedFormat(WireFormatId.BedrockCohereEmbed)
{
    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter writer, EmbeddingRequest request, string model, LossReport losses)
    {
        TextEmbeddings.Write(writer, "texts"u8, request);
        writer.WriteString("input_type"u8, CohereEmbedFormat.PurposeOf(request.Purpose, losses));
        if (request.NumberType is { } type and not "float")
        {
            writer.WriteStartArray("embedding_types"u8);
            writer.WriteStringValue(type);
            writer.WriteEndArray();
        }
        if (request.Dimensions is { } dimensions && model.Contains("embed-v4", StringComparison.Ordinal)) writer.WriteNumber("output_dimension"u8, dimensions);
        else if (request.Dimensions is not null) losses.Dropped("dimensions", "this model has one length of vector");
        if (request.Truncate is { } truncate) writer.WriteString("truncate"u8, truncate ? "END"u8 : "NONE"u8);
    }

    /// <inheritdoc/>
    protected override EmbeddingResponse Read(JsonElement root, EmbeddingRequest request)
    {
        string type = request.NumberType ?? "float";
        var vectors = Required(root, "embeddings"u8, "embeddings");
        string path = "embeddings";
        if (vectors.ValueKind == JsonValueKind.Object)
        {
            path = $"embeddings.{type}";
            if (!vectors.TryGetProperty(type, out vectors)) throw new WireFormatException(path, "is missing; a list of vectors is required");
        }
        if (vectors.ValueKind != JsonValueKind.Array) throw new WireFormatException(path, "must be a list of vectors");
        return new EmbeddingResponse { Id = root.Text("id"u8) ?? "", Vectors = FloatVectors.Read(vectors, path) };
    }
}
