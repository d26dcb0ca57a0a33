using System.Buffers;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.OpenAIChat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAICompletions;

/// <summary>
/// <c>POST /v1/completions</c>, the old text completion (platform.openai.com/docs/api-reference/completions), for clients: a prompt is a conversation of one user message.
/// </summary>
internal sealed class OpenAICompletionsFormat : IChatServerFormat
{
    private readonly ChatErrors _errors = new(WireFormatId.OpenAICompletions);

    /// <inheritdoc/>
    public WireFormatId Id => WireFormatId.OpenAICompletions;

    /// <inheritdoc/>
    public WireOperation Operation => WireOperation.Chat;

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    /// <inheritdoc/>
    public bool ModelInBody => true;

    /// <inheritdoc/>
    public ParameterMap Parameters => CompletionsParameters.Map;

    /// <inheritdoc/>
    public string? ShouldRetryHeader => "x-should-retry";

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Ping(StreamStyle style) => Pings.Comment;

    /// <inheritdoc/>
    public bool IsToldPlainly(GatewayError error) => ChatErrors.IsTold(error);

    /// <inheritdoc/>
    public RequestHead ReadHead(WireRequest request, JsonMembers members) => ChatHead.Read(members);

    /// <inheritdoc/>
    public Outcome<ChatRequest> DecodeRequest(WireRequest request) => Decoding.Request(request.Body, 0, static (body, _) => CompletionsRequestReader.Read(body));

    /// <inheritdoc/>
    public void EncodeResponse(ChatResponse response, TranslationContext context, IBufferWriter<byte> output) =>
        JsonOutput.Write(output, (Response: response, Context: context), static (writer, s) => CompletionsResponseWriter.Write(writer, s.Response, s.Context));

    /// <inheritdoc/>
    public IStreamEncoder CreateStreamEncoder(TranslationContext context) => new CompletionsStreamEncoder(_errors, context);

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => _errors.Encode(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => _errors.EncodeEvent(error, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => _errors.Decode(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => new ChatTap(Id, _errors, stream);
}
