using System.Text.Json;
using Sluice.Embeddings;
using Sluice.Wire;

namespace Sluice.Formats.VoyageEmbeddings;

/// <summary>The request.</summary>
internal static class VoyageRequest
{
    /// <summary>Writes a body; every input is text.</summary>
    public static void Write(Utf8JsonWriter writer, EmbeddingRequest request, string model, LossReport losses)
    {
        if (request.Title is not null) losses.Dropped("title", "Voyage has no such setting");
        if (request.User is not null) losses.Dropped("user", "Voyage has no such setting");
        losses.Unknown(request.Notes, WireFormatId.VoyageEmbeddings, "");
        writer.WriteStartObject();
        writer.WriteString("model"u8, model);
        writer.WriteStartArray("input"u8);
        foreach (var input in request.Inputs) writer.WriteStringValue(input.Text);
        writer.WriteEndArray();
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
        switch (purpose?.ToUpperInvariant())
        {
            case null:
                return null;
            case "DOCUMENT" or "SEARCH_DOCUMENT" or "RETRIEVAL_DOCUMENT" or "PASSAGE":
                return "document";
            case "QUERY" or "SEARCH_QUERY" or "RETRIEVAL_QUERY" or "QUESTION_ANSWERING" or "FACT_VERIFICATION" or "CODE_RETRIEVAL_QUERY":
                return "query";
            default:
                losses.Dropped("input_type", $"Voyage knows queries and documents, not the purpose '{purpose}'");
                return null;
        }
    }
}
