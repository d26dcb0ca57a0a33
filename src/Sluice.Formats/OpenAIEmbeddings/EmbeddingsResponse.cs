using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Embeddings;
using Sluice.Formats.Json;
using Sluice.Formats.OpenAIChat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIEmbeddings;

/// <summary>The answer: a vector an input, as numbers or as base64 of little-endian 32-bit floats.</summary>
internal static class EmbeddingsResponse
{
    private static readonly FrozenSet<string> Known = FrozenSet.Create(StringComparer.Ordinal, "object", "data", "model", "usage");

    /// <summary>Reads a body. Throws <see cref="WireFormatException"/>.</summary>
    public static EmbeddingResponse Read(JsonElement body)
    {
        var notes = new NotesBuilder(WireFormatId.OpenAIEmbeddings);
        notes.Sort(body, Known);
        return new EmbeddingResponse
        {
            Id = body.Text("id"u8) ?? "",
            Model = body.Text("model"u8) ?? "",
            Vectors = IndexedVectors.Read(body),
            Usage = ChatUsage.ReadFrom(body, WireFormatId.OpenAIEmbeddings),
            Notes = notes.Build(),
        };
    }

    /// <summary>Writes a body in the encoding that the client asked for.</summary>
    public static void Write(Utf8JsonWriter output, EmbeddingResponse response, EmbeddingRequest request)
    {
        bool base64 = request.Encoding == "base64";
        output.WriteStartObject();
        output.WriteString("object", "list");
        output.WriteStartArray("data");
        for (int i = 0; i < response.Vectors.Count; i++)
        {
            output.WriteStartObject();
            output.WriteString("object", "embedding");
            output.WriteNumber("index", i);
            output.WritePropertyName("embedding");
            if (base64) WriteBase64(output, response.Vectors[i].Span);
            else WriteNumbers(output, response.Vectors[i].Span);
            output.WriteEndObject();
        }
        output.WriteEndArray();
        output.WriteString("model", response.Model.Length > 0 ? response.Model : request.Model);
        WriteUsage(output, response.Usage);
        new MemberWriter(output, response.Notes, WireFormatId.OpenAIEmbeddings).Rest();
        output.WriteEndObject();
    }

    // `usage` with both counts is required of this format; embeddings have no output.
    private static void WriteUsage(Utf8JsonWriter output, Chat.Usage? usage)
    {
        if (usage?.RawFormat == WireFormatId.OpenAIEmbeddings && !usage.Raw.IsAbsent)
        {
            output.WritePropertyName("usage");
            usage.Raw.WriteTo(output);
            return;
        }
        output.WriteStartObject("usage");
        output.WriteNumber("prompt_tokens", usage?.InputTokens ?? 0);
        output.WriteNumber("total_tokens", usage?.TotalOrSum ?? 0);
        output.WriteEndObject();
    }

    /// <summary>Writes base64 of little-endian 32-bit floats.</summary>
    public static void WriteBase64(Utf8JsonWriter output, ReadOnlySpan<float> vector)
    {
        byte[] bytes = new byte[vector.Length * sizeof(float)];
        for (int i = 0; i < vector.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        output.WriteBase64StringValue(bytes);
    }

    /// <summary>Writes a list of numbers.</summary>
    // As doubles: OpenAI prints the 32-bit values with all the digits of a double, so that both sides read the same numbers.
    public static void WriteNumbers(Utf8JsonWriter output, ReadOnlySpan<float> vector)
    {
        output.WriteStartArray();
        foreach (float value in vector) output.WriteNumberValue((double)value);
        output.WriteEndArray();
    }
}
