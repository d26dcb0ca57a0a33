using System.Buffers;
using Sluice.Embeddings;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.OpenAIChat;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIEmbeddings;

/// <summary><c>POST /v1/embeddings</c> of OpenAI and of the vendors that copy it (platform.openai.com/docs/api-reference/embeddings).</summary>
internal sealed class OpenAIEmbeddingsFormat : IEmbeddingServerFormat, IEmbeddingClientFormat
{
    private readonly ChatErrors _errors = new(WireFormatId.OpenAIEmbeddings);

    /// <inheritdoc/>
    public WireFormatId Id => WireFormatId.OpenAIEmbeddings;

    /// <inheritdoc/>
    public WireOperation Operation => WireOperation.Embeddings;

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    /// <inheritdoc/>
    public bool ModelInBody => true;

    /// <inheritdoc/>
    public ParameterMap Parameters => EmbeddingsParameters.Map;

    /// <inheritdoc/>
    public string? ShouldRetryHeader => "x-should-retry";

    /// <inheritdoc/>
    public RequestHead ReadHead(WireRequest request, JsonMembers members) => new() { Model = members.GetString("model"u8) };

    /// <inheritdoc/>
    public Outcome<EmbeddingRequest> DecodeRequest(WireRequest request) => Decoding.Request(request.Body, 0, static (body, _) => EmbeddingsRequest.Read(body));

    /// <inheritdoc/>
    public GatewayError? EncodeRequest(EmbeddingRequest request, string upstreamModel, LossReport losses, IBufferWriter<byte> output)
    {
        JsonOutput.Write(output, (Request: request, Model: upstreamModel, Losses: losses), static (writer, s) => EmbeddingsRequest.Write(writer, s.Request, s.Model, s.Losses));
        return null;
    }

    /// <inheritdoc/>
    public Outcome<EmbeddingResponse> DecodeResponse(ReadOnlyMemory<byte> body, EmbeddingRequest request) =>
        _errors.InAnswer(body, "\"data\""u8) is { } error ? error : Decoding.Answer(body, 0, static (answer, _) => EmbeddingsResponse.Read(answer));

    /// <inheritdoc/>
    public void EncodeResponse(EmbeddingResponse response, EmbeddingRequest request, IBufferWriter<byte> output) =>
        JsonOutput.Write(output, (Response: response, Request: request), static (writer, s) => EmbeddingsResponse.Write(writer, s.Response, s.Request));

    /// <inheritdoc/>
    public bool Reencode(JsonMembers request, ReadOnlyMemory<byte> answer, IBufferWriter<byte> output) => EmbeddingEncoding.Reencode(request, answer.Span, output);

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => _errors.Encode(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => _errors.EncodeEvent(error, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => _errors.Decode(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => new ChatTap(Id, _errors, stream);
}
