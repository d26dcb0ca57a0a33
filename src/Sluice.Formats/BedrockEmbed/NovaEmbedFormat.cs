using System.Text.Json;
using Sluice.Embeddings;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.BedrockEmbed;

/// <summary>Amazon's Nova embeddings, with texts alone: one text a request (https://docs.aws.amazon.com/nova/latest/userguide/embeddings-schema.html).</summary>
internal sealed class NovaEmbedFormat() : BedrockEmbedFormat(WireFormatId.BedrockNovaEmbed)
{
    private const string DefaultPurpose = "GENERIC_INDEX";

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter writer, EmbeddingRequest request, string model, LossReport losses)
    {
        if (request.NumberType is not (null or "float")) losses.Dropped("output_dtype", "Nova gives floats only");
        writer.WriteString("taskType"u8, "SINGLE_EMBEDDING"u8);
        writer.WriteStartObject("singleEmbeddingParams"u8);
        writer.WriteString("embeddingPurpose"u8, Purpose(request.Purpose, losses));
        if (request.Dimensions is { } length) writer.WriteNumber("embeddingDimension"u8, length);
        writer.WriteStartObject("text"u8);
        writer.WriteString("truncationMode"u8, request.Truncate == true ? "END"u8 : "NONE"u8);
        writer.WriteString("value"u8, request.Inputs[0].Text);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    protected override EmbeddingResponse Read(JsonElement root, EmbeddingRequest request)
    {
        var list = Required(root, "embeddings"u8, "embeddings");
        if (list.ValueKind != JsonValueKind.Array) throw new WireFormatException("embeddings", "must be a list");
        var vectors = new List<ReadOnlyMemory<float>>();
        foreach (var item in list.EnumerateArray()) vectors.Add(FloatVectors.ReadOne(Required(item, "embedding"u8, "embeddings[].embedding"), "embeddings[].embedding"));
        return new EmbeddingResponse { Vectors = vectors };
    }

    private static string Purpose(string? purpose, LossReport losses)
    {
        if (purpose is null || TextEmbeddings.IsDocument(purpose)) return DefaultPurpose;
        if (purpose.ToUpperInvariant() is "CLASSIFICATION" or "CLUSTERING") return purpose.ToUpperInvariant();
        if (TextEmbeddings.IsQuery(purpose)) return "GENERIC_RETRIEVAL";
        if (purpose.EndsWith("_RETRIEVAL", StringComparison.Ordinal) || purpose == DefaultPurpose) return purpose;
        losses.Changed("input_type", $"Nova does not know the purpose '{purpose}'; '{DefaultPurpose}' is asked for");
        return DefaultPurpose;
    }
}
