using System.Buffers;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>
/// Anthropic Messages, <c>POST /v1/messages</c>, to clients and to upstreams. Wire facts are those of the vendor's TypeScript SDK 1.11
/// (<c>resources/messages/messages.d.ts</c>) and of recorded traffic.
/// </summary>
internal sealed class AnthropicMessagesFormat : IChatServerFormat, IChatClientFormat, IServerStateFormat
{
    /// <inheritdoc/>
    public WireFormatId Id => AnthropicNames.Id;

    /// <inheritdoc/>
    public WireOperation Operation => WireOperation.Chat;

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    /// <inheritdoc/>
    public bool ModelInBody => true;

    /// <inheritdoc/>
    public ParameterMap Parameters => AnthropicParameters.Map;

    /// <inheritdoc/>
    public string? ShouldRetryHeader => "x-should-retry";

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Ping(StreamStyle style) => Pings.AnthropicEvent;

    /// <inheritdoc/>
    public bool IsToldPlainly(GatewayError error) => error.Kind != ErrorKind.ContextTooLong || AnthropicErrors.TellsOverflow(error);

    /// <inheritdoc/>
    public string? RequestIdHeader => "request-id";

    /// <inheritdoc/>
    public MediaTypePlaces? MediaTypes => AnthropicMessages.AnthropicMediaReader.TypePlaces;

    /// <inheritdoc/>
    public string MessagesMember => "messages";

    /// <inheritdoc/>
    public RequestHead ReadHead(WireRequest request, JsonMembers members) => new()
    {
        Model = members.GetString("model"u8),
        Stream = members.GetBoolean("stream"u8) ?? false,
        MaxTokens = members.GetInt64("max_tokens"u8),
    };

    /// <inheritdoc/>
    public Outcome<ChatRequest> DecodeRequest(WireRequest request) => Decoding.Request(request.Body, request, AnthropicRequestReader.Read);

    /// <inheritdoc/>
    public void EncodeResponse(ChatResponse response, TranslationContext context, IBufferWriter<byte> output) => AnthropicResponseWriter.Write(response, context, output);

    /// <inheritdoc/>
    public IStreamEncoder CreateStreamEncoder(TranslationContext context) => new AnthropicStreamEncoder(context);

    /// <inheritdoc/>
    public Outcome<ChatRequest> ForOthers(ChatRequest request, TranslationContext context) => AnthropicRewording.Reword(request);

    /// <inheritdoc/>
    public bool Carries(Tool tool, TranslationContext context) => AnthropicToolWriter.Has(tool);

    /// <inheritdoc/>
    public GatewayError? EncodeRequest(ChatRequest request, TranslationContext context, IBufferWriter<byte> output)
    {
        AnthropicRequestWriter.Write(request, context, AnthropicRequestUse.Messages, output);
        return null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, string>> RequestHeaders(ChatRequest request, TranslationContext context) => AnthropicBetas.Headers(request);

    /// <inheritdoc/>
    public Outcome<ChatResponse> DecodeResponse(ReadOnlyMemory<byte> body, TranslationContext context)
    {
        // Some servers answer an error with status 200.
        if (JsonMembers.Scan(body, out _)?.GetString("type"u8) == "error") return AnthropicErrors.Read(0, body);
        return Decoding.Chat(body, context, AnthropicResponseReader.Read);
    }

    /// <inheritdoc/>
    public IStreamDecoder CreateStreamDecoder(TranslationContext context) => new AnswerDecoder(new AnthropicStreamDecoder(context));

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => AnthropicErrors.Write(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => AnthropicErrors.WriteEvent(error, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => AnthropicErrors.Read(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => new AnthropicTap(stream);

    /// <inheritdoc/>
    public IReadOnlyList<StateReference> StateNamed(JsonMembers request) => AnthropicState.Named(request);

    /// <inheritdoc/>
    public bool MakesState(JsonMembers request) => AnthropicState.IsMade(request);

    /// <inheritdoc/>
    public IReadOnlyList<string> StateMade(ReadOnlyMemory<byte> data, bool isLast) => AnthropicState.Made(data);

    /// <inheritdoc/>
    public GatewayError StateNotFound(StateReference reference) => AnthropicState.NotFound(reference);
}
