using System.Text.Json;
using Sluice.Embeddings;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.VoyageEmbeddings;

/// <summary>The request.</summary>
internal static class VoyageRequest
{
    /// <summary>Writes a body; every input is text.</summary>
    public static void Write(Utf8JsonWriter writer, EmbeddingRequest request, string model, LossReport losses)
    {
        TextEmbeddings.Report(request, losses, WireFormatId.VoyageEmbeddings, "Voyage");
        writer.WriteStartObject();
        writer.WriteString("model"u8, model);
        TextEmbeddings.Write(writer, "input"u8, request);
        if (InputType(request.Purpose, losses) is { } type) writer.WriteString("input_type"u8, type);
        if (request.Truncate is { } truncate) writer.WriteBoolean("truncation"u8, truncate);
        if (request.Dimensions is { } dimensions) writer.WriteNumber("output_dimension"u8, dimensions);
        if (request.NumberType is { } numbers) writer.WriteString("output_dtype"u8, numbers);
        // A quarter of the bytes, and the very floats; whatever encoding the client wants is made from them.
        if (request.NumberType is null or "float") writer.WriteString("encoding_format"u8, "base64"u8);
        writer.WriteEndObject();
    }

    // Without a type no prompt is put before the text; vectors with and without go together.
    private static string? InputType(string? purpose, LossReport losses)
    {
        if (purpose is null) return null;
        if (TextEmbeddings.IsDocument(purpose)) return "document";
        if (TextEmbeddings.IsQuery(purpose)) return "query";
        losses.Dropped("input_type", $"Voyage knows queries and documents, not the purpose '{purpose}'");
        return null;
    }
}
