using System.Buffers;
using Sluice.Embeddings;
using Sluice.Errors;
using Sluice.Formats.Gemini;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.VertexPredict;

/// <summary>
/// Vertex AI's <c>publishers/google/models/MODEL:predict</c> of text embedding models, to upstreams
/// (https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api).
/// </summary>
internal sealed class VertexPredictFormat : IEmbeddingClientFormat
{
    /// <inheritdoc/>
    public WireFormatId Id => WireFormatId.VertexPredict;

    /// <inheritdoc/>
    public WireOperation Operation => WireOperation.Embeddings;

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    /// <inheritdoc/>
    public bool ModelInBody => false;

    /// <inheritdoc/>
    public RequestHead ReadHead(WireRequest request, JsonMembers members) => new() { Model = request.PathModel };

    /// <inheritdoc/>
    public GatewayError? EncodeRequest(EmbeddingRequest request, string upstreamModel, LossReport losses, IBufferWriter<byte> output)
    {
        if (TextEmbeddings.Refuse(request, "Vertex AI") is { } refusal) return refusal;
        VertexPredictRequest.Report(request, losses);
        JsonOutput.Write(output, request, static (writer, r) => VertexPredictRequest.Write(writer, r));
        return null;
    }

    /// <inheritdoc/>
    public Outcome<EmbeddingResponse> DecodeResponse(ReadOnlyMemory<byte> body, EmbeddingRequest request) => Decoding.Answer(body, request, static (root, _) => VertexPredictResponse.Read(root));

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => GeminiErrors.Write(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => GeminiErrors.Write(error, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => GeminiErrors.Read(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => new EmbeddingTap(
        "\"token_count\""u8,
        VertexPredictResponse.Usage,
        static root => GeminiErrors.Read(0, RawJson.From(root).Utf8));
}
