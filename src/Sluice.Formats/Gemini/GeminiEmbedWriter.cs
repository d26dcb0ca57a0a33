using System.Text.Json;
using Sluice.Embeddings;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Writes embedding requests and answers, single and in batches.</summary>
internal static class GeminiEmbedWriter
{
    /// <summary>Several inputs, or a batch of one that came as a batch.</summary>
    public static bool IsBatch(EmbeddingRequest request) => request.Inputs.Count != 1 || new GeminiNotes(request.Notes).Has("batch");

    public static void Report(EmbeddingRequest request, LossReport losses)
    {
        losses.Unknown(request.Notes, WireFormatId.GeminiGenerate, "");
        if (request.User is not null) losses.Dropped("user", "Gemini has no such setting");
        if (request.NumberType is not (null or "float")) losses.Dropped("output_dtype", "Gemini gives floats only");
        if (request.Purpose is { } purpose && TaskType(purpose) is null) losses.Dropped("purpose", $"Gemini has no purpose like '{purpose}'");
    }

    public static void Request(Utf8JsonWriter writer, EmbeddingRequest request, string model)
    {
        var notes = new GeminiNotes(request.Notes);
        writer.WriteStartObject();
        if (IsBatch(request))
        {
            writer.WriteStartArray("requests"u8);
            foreach (var input in request.Inputs)
            {
                writer.WriteStartObject();
                writer.WriteString("model"u8, $"models/{model}");
                Members(writer, request, input, notes);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        else
        {
            if (notes.Has("model")) writer.WriteString("model"u8, $"models/{model}");
            Members(writer, request, request.Inputs[0], notes);
        }
        notes.WriteFields(writer);
        writer.WriteEndObject();
    }

    public static void Response(Utf8JsonWriter writer, EmbeddingResponse response, EmbeddingRequest request)
    {
        var notes = new GeminiNotes(response.Notes);
        writer.WriteStartObject();
        if (request.IsSingle && response.Vectors.Count == 1)
        {
            writer.WritePropertyName("embedding"u8);
            Vector(writer, response.Vectors[0], notes);
        }
        else
        {
            writer.WriteStartArray("embeddings"u8);
            foreach (var vector in response.Vectors) Vector(writer, vector, notes);
            writer.WriteEndArray();
        }
        if (response.Usage is { } usage) Usage(writer, usage);
        notes.WriteFields(writer);
        writer.WriteEndObject();
    }

    private static void Members(Utf8JsonWriter writer, EmbeddingRequest request, EmbeddingInput input, GeminiNotes notes)
    {
        writer.WriteStartObject("content"u8);
        if (notes.Value("role") is { } role) writer.WriteString("role"u8, role);
        writer.WriteStartArray("parts"u8);
        writer.WriteStartObject();
        writer.WriteString("text"u8, input.Text);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        if (request.Purpose is { } purpose && TaskType(purpose) is { } task) writer.WriteString(notes.Name("taskType"), task);
        if (request.Title is not null) writer.WriteString("title"u8, request.Title);
        if (request.Dimensions is { } length) writer.WriteNumber(notes.Name("outputDimensionality"), length);
        if (request.Truncate is { } truncate) writer.WriteBoolean(notes.Name("autoTruncate"), truncate);
    }

    private static void Vector(Utf8JsonWriter writer, ReadOnlyMemory<float> vector, GeminiNotes notes)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("values"u8);
        foreach (float value in vector.Span) writer.WriteNumberValue(value);
        writer.WriteEndArray();
        notes.WriteFields(writer, "embedding.");
        writer.WriteEndObject();
    }

    private static void Usage(Utf8JsonWriter writer, Chat.Usage usage)
    {
        writer.WritePropertyName("usageMetadata"u8);
        if (usage.RawFormat == WireFormatId.GeminiGenerate && !usage.Raw.IsAbsent)
        {
            usage.Raw.WriteTo(writer);
            return;
        }
        writer.WriteStartObject();
        writer.WriteNumber("promptTokenCount"u8, usage.InputTokens ?? 0);
        writer.WriteNumber("totalTokenCount"u8, usage.TotalOrSum);
        writer.WriteEndObject();
    }

    // Cohere's input_type and Google's own words. Source: ai.google.dev/api/embeddings#TaskType.
    public static string? TaskType(string purpose) => purpose switch
    {
        "search_document" or "document" => "RETRIEVAL_DOCUMENT",
        "search_query" or "query" => "RETRIEVAL_QUERY",
        "classification" => "CLASSIFICATION",
        "clustering" => "CLUSTERING",
        _ when purpose.Length > 0 && purpose.All(c => char.IsAsciiLetterUpper(c) || c == '_') => purpose,
        _ => null,
    };
}
