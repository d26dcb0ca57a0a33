using System.Text.Json;
using Sluice.Chat;
using Sluice.Embeddings;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.BedrockEmbed;

/// <summary>Amazon's Titan, of texts and of images (here with texts alone): one text a request.</summary>
internal sealed class TitanEmbedFormat() : BedrockEmbedFormat(WireFormatId.BedrockTitanEmbed)
{
    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter writer, EmbeddingRequest request, string model, LossReport losses)
    {
        if (request.Purpose is not null) losses.Dropped("purpose", "Titan does not ask what vectors are for");
        if (request.Truncate is not null) losses.Dropped("truncate", "Titan refuses inputs that are too long");
        bool binary = request.NumberType is "binary" or "ubinary";
        if (request.NumberType is not (null or "float")) losses.Dropped("output_dtype", binary ? "Titan's bits have another form" : "Titan has no such numbers");
        writer.WriteString("inputText"u8, request.Inputs[0].Text);
        if (request.Dimensions is not { } length) return;
        if (IsFirst(model))
        {
            losses.Dropped("dimensions", "this model has one length of vector");
        }
        else if (model.Contains("embed-image", StringComparison.Ordinal))
        {
            writer.WriteStartObject("embeddingConfig"u8);
            writer.WriteNumber("outputEmbeddingLength"u8, length);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNumber("dimensions"u8, length);
        }
    }

    /// <inheritdoc/>
    protected override EmbeddingResponse Read(JsonElement root, EmbeddingRequest request) => new()
    {
        Vectors = [FloatVectors.ReadOne(Required(root, "embedding"u8, "embedding"), "embedding")],
        Usage = root.Count("inputTextTokenCount"u8) is { } tokens ? new Usage { InputTokens = tokens } : null,
    };

    private static bool IsFirst(string model) => model.Contains("embed-text-v1", StringComparison.Ordinal) || model.Contains("embed-g1", StringComparison.Ordinal);
}
