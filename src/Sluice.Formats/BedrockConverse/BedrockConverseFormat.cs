using System.Buffers;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.BedrockConverse;

/// <summary>
/// Amazon Bedrock <c>Converse</c> and <c>ConverseStream</c>, to upstreams. Model and streaming stand in the path
/// (<c>/model/{id}/converse</c>, <c>/model/{id}/converse-stream</c>, the id percent-encoded). Wire facts are those of the API reference of the Bedrock runtime and of recorded traffic.
/// </summary>
internal sealed class BedrockConverseFormat : IChatClientFormat
{
    /// <inheritdoc/>
    public WireFormatId Id => WireFormatId.BedrockConverse;

    /// <inheritdoc/>
    public WireOperation Operation => WireOperation.Chat;

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.AmazonEventStream;

    /// <inheritdoc/>
    public bool ModelInBody => false;

    /// <inheritdoc/>
    public ParameterMap Parameters => BedrockParameters.Map;

    /// <inheritdoc/>
    public RequestHead ReadHead(WireRequest request, JsonMembers members) => new()
    {
        Model = request.PathModel,
        Stream = request.Path.EndsWith("/converse-stream", StringComparison.Ordinal),
    };

    /// <inheritdoc/>
    public GatewayError? EncodeRequest(ChatRequest request, TranslationContext context, IBufferWriter<byte> output)
    {
        BedrockRequestWriter.Write(request, context, output);
        return null;
    }

    /// <inheritdoc/>
    public Outcome<ChatResponse> DecodeResponse(ReadOnlyMemory<byte> body, TranslationContext context) =>
        JsonMembers.Scan(body, out _)?.GetString("message"u8) is not null ? BedrockErrors.Read(0, body) : Decoding.Chat(body, context, BedrockResponseReader.Read);

    /// <inheritdoc/>
    public IStreamDecoder CreateStreamDecoder(TranslationContext context) => new AnswerDecoder(new BedrockStreamDecoder(context));

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => BedrockErrors.Write(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => BedrockErrors.WriteFrame(error, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => BedrockErrors.Read(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => new BedrockTap(stream);
}
