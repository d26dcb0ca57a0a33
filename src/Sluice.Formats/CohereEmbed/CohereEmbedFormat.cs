using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Embeddings;
using Sluice.Errors;
using Sluice.Formats.CohereChat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.CohereEmbed;

/// <summary>Cohere's <c>POST /v2/embed</c>, to upstreams (<c>V2EmbedRequest</c>, <c>EmbedByTypeResponse</c> of the official JavaScript client).</summary>
internal sealed class CohereEmbedFormat : IEmbeddingClientFormat
{
    private const string DefaultPurpose = "search_document";

    private static FrozenSet<string> KnownOfAnswer { get; } = ["id", "embeddings", "meta"];

    /// <inheritdoc/>
    public WireFormatId Id => WireFormatId.CohereEmbed;

    /// <inheritdoc/>
    public WireOperation Operation => WireOperation.Embeddings;

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    /// <inheritdoc/>
    public bool ModelInBody => true;

    /// <inheritdoc/>
    public RequestHead ReadHead(WireRequest request, JsonMembers members) => new() { Model = members.GetString("model"u8) };

    /// <inheritdoc/>
    public GatewayError? EncodeRequest(EmbeddingRequest request, string upstreamModel, LossReport losses, IBufferWriter<byte> output)
    {
        if (TextEmbeddings.Refuse(request, "Cohere") is { } refusal) return refusal;
        TextEmbeddings.Report(request, losses, Id, "Cohere");
        string purpose = PurposeOf(request.Purpose, losses);
        JsonOutput.Write(output, (Request: request, Model: upstreamModel, Purpose: purpose), static (writer, s) => WriteRequest(writer, s.Request, s.Model, s.Purpose));
        return null;
    }

    /// <inheritdoc/>
    public Outcome<EmbeddingResponse> DecodeResponse(ReadOnlyMemory<byte> body, EmbeddingRequest request) =>
        Decoding.Answer(body, (Format: this, Type: request.NumberType ?? "float"), static (root, s) => s.Format.Read(root, s.Type));

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => CohereErrors.Encode(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => CohereErrors.EncodeEvent(error, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => CohereErrors.Decode(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => new EmbeddingTap(
        "\"meta\""u8,
        static root => CohereUsage.Read(root.Get("meta"u8), WireFormatId.CohereEmbed),
        static root => CohereErrors.InStream(root.Text("error"u8) ?? "the provider answered with an error"));

    /// <summary>
    /// The <c>input_type</c> of a purpose. The service wants one for every newer model; formats that have none store what they embed more often than they search with it.
    /// </summary>
    public static string PurposeOf(string? purpose, LossReport losses)
    {
        if (purpose is null || TextEmbeddings.IsDocument(purpose)) return DefaultPurpose;
        if (TextEmbeddings.IsQuery(purpose)) return "search_query";
        if (purpose.ToUpperInvariant() is "CLASSIFICATION" or "CLUSTERING") return purpose.ToLowerInvariant();
        losses.Changed("input_type", $"Cohere does not know the purpose '{purpose}'; '{DefaultPurpose}' is asked for");
        return DefaultPurpose;
    }

    private static void WriteRequest(Utf8JsonWriter writer, EmbeddingRequest request, string model, string purpose)
    {
        writer.WriteStartObject();
        writer.WriteString("model"u8, model);
        TextEmbeddings.Write(writer, "texts"u8, request);
        writer.WriteString("input_type"u8, purpose);
        writer.WriteStartArray("embedding_types"u8);
        writer.WriteStringValue(request.NumberType ?? "float");
        writer.WriteEndArray();
        if (request.Dimensions is { } dimensions) writer.WriteNumber("output_dimension"u8, dimensions);
        if (request.Truncate is { } truncate) writer.WriteString("truncate"u8, truncate ? "END"u8 : "NONE"u8);
        writer.WriteEndObject();
    }

    private EmbeddingResponse Read(JsonElement root, string numberType)
    {
        if (root.Object("embeddings"u8) is not { } embeddings) throw new WireFormatException("embeddings", "is missing; an object is required");
        string path = $"embeddings.{numberType}";
        if (!embeddings.TryGetProperty(numberType, out var vectors) || vectors.ValueKind != JsonValueKind.Array) throw new WireFormatException(path, "is missing; a list of vectors is required");
        return new EmbeddingResponse
        {
            Id = root.Text("id"u8) ?? "",
            Vectors = FloatVectors.Read(vectors, path),
            Usage = CohereUsage.Read(root.Get("meta"u8), Id),
            Notes = new NotesBuilder(Id).Keep(root, KnownOfAnswer).Build(),
        };
    }
}
