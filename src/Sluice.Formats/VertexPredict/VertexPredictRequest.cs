using System.Text.Json;
using Sluice.Embeddings;
using Sluice.Formats.Gemini;
using Sluice.Wire;

namespace Sluice.Formats.VertexPredict;

/// <summary>The request: an instance for each text, with its purpose and title, and parameters for all.</summary>
internal static class VertexPredictRequest
{
    /// <summary>Reports what this API has no place for.</summary>
    public static void Report(EmbeddingRequest request, LossReport losses)
    {
        // What a Gemini client wrote has a name there, but none of those that this endpoint lacks is known under it.
        losses.Unknown(request.Notes, WireFormatId.VertexPredict, "");
        if (request.User is not null) losses.Dropped("user", "Vertex AI has no such setting");
        if (request.NumberType is not (null or "float")) losses.Dropped("output_dtype", "Vertex AI gives floats only");
        if (request.Purpose is { } purpose && GeminiEmbedWriter.TaskType(purpose) is null) losses.Dropped("purpose", $"Vertex AI has no purpose like '{purpose}'");
    }

    /// <summary>Writes the body.</summary>
    public static void Write(Utf8JsonWriter writer, EmbeddingRequest request)
    {
        string? task = request.Purpose is { } purpose ? GeminiEmbedWriter.TaskType(purpose) : null;
        writer.WriteStartObject();
        writer.WriteStartArray("instances"u8);
        foreach (var input in request.Inputs)
        {
            writer.WriteStartObject();
            writer.WriteString("content"u8, input.Text);
            if (task is not null) writer.WriteString("task_type"u8, task);
            if (request.Title is not null) writer.WriteString("title"u8, request.Title);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        if (request.Dimensions is not null || request.Truncate is not null)
        {
            writer.WriteStartObject("parameters"u8);
            if (request.Dimensions is { } length) writer.WriteNumber("outputDimensionality"u8, length);
            if (request.Truncate is { } truncate) writer.WriteBoolean("autoTruncate"u8, truncate);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }
}
