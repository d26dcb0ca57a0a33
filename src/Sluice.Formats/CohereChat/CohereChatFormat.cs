using System.Buffers;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.CohereChat;

/// <summary>
/// Cohere's <c>POST /v2/chat</c>, to upstreams. Sources: the types of the official JavaScript client (<c>V2ChatRequest</c>, <c>V2ChatResponse</c>,
/// <c>V2ChatStreamResponse</c>; 8.1) and recorded answers.
/// </summary>
internal sealed class CohereChatFormat : IChatClientFormat
{
    /// <inheritdoc/>
    public WireFormatId Id => WireFormatId.CohereChat;

    /// <inheritdoc/>
    public WireOperation Operation => WireOperation.Chat;

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    /// <inheritdoc/>
    public bool ModelInBody => true;

    /// <inheritdoc/>
    public ParameterMap Parameters => CohereParameters.Map;

    /// <inheritdoc/>
    public RequestHead ReadHead(WireRequest request, JsonMembers members) => new()
    {
        Model = members.GetString("model"u8),
        Stream = members.GetBoolean("stream"u8) ?? false,
        MaxTokens = members.GetInt64("max_tokens"u8),
    };

    /// <inheritdoc/>
    public GatewayError? EncodeRequest(ChatRequest request, TranslationContext context, IBufferWriter<byte> output)
    {
        JsonOutput.Write(output, new CohereRequestWriter(request, context), static (writer, request) => request.Write(writer));
        return null;
    }

    /// <inheritdoc/>
    public Outcome<ChatResponse> DecodeResponse(ReadOnlyMemory<byte> body, TranslationContext context) =>
        JsonMembers.Scan(body, out _)?.GetString("message"u8) is not null ? CohereErrors.Decode(0, body)
        : Decoding.Chat(body, context, static (root, context) => CohereAnswerReader.Read(root, context));

    /// <inheritdoc/>
    public IStreamDecoder CreateStreamDecoder(TranslationContext context) => new AnswerDecoder(new CohereStreamDecoder(context));

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => CohereErrors.Encode(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => CohereErrors.EncodeEvent(error, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => CohereErrors.Decode(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => new CohereTap();
}
