using System.Buffers;
using Sluice.Embeddings;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.OpenAIChat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.VoyageEmbeddings;

/// <summary>
/// Voyage's <c>POST /v1/embeddings</c>, to upstreams (docs.voyageai.com/reference/embeddings-api). The path and the frame of the answer are OpenAI's; the settings
/// have other names, <c>encoding_format</c> knows no <c>float</c>, and numbers may be whole.
/// </summary>
internal sealed class VoyageEmbeddingsFormat : IEmbeddingClientFormat
{
    // {"detail": "..."}, which the reader of OpenAI's errors knows from other servers.
    private readonly ChatErrors _errors = new(WireFormatId.VoyageEmbeddings);

    /// <inheritdoc/>
    public WireFormatId Id => WireFormatId.VoyageEmbeddings;

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
        if (TextEmbeddings.Refuse(request, "Voyage") is { } refusal) return refusal;
        JsonOutput.Write(output, (Request: request, Model: upstreamModel, Losses: losses), static (writer, s) => VoyageRequest.Write(writer, s.Request, s.Model, s.Losses));
        return null;
    }

    /// <inheritdoc/>
    public Outcome<EmbeddingResponse> DecodeResponse(ReadOnlyMemory<byte> body, EmbeddingRequest request) =>
        Decoding.Answer(body, request.NumberType, static (answer, type) => VoyageResponse.Read(answer, type));

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => _errors.Encode(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => _errors.EncodeEvent(error, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => _errors.Decode(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => new EmbeddingTap(
        "\"usage\""u8,
        static root => VoyageResponse.Usage(root),
        static root => new GatewayError(ErrorKind.Upstream, root.Text("error"u8) ?? "the provider answered with an error"));
}
