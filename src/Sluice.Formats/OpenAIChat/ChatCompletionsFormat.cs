using System.Buffers;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>The formats of the Chat Completions shape, in both roles.</summary>
/// <param name="dialect">What is special.</param>
/// <param name="errors">How errors look.</param>
internal abstract class ChatCompletionsFormat(ChatDialect dialect, ChatErrors errors) : IChatServerFormat, IChatClientFormat
{
    /// <inheritdoc/>
    public WireFormatId Id => dialect.Id;

    /// <inheritdoc/>
    public WireOperation Operation => WireOperation.Chat;

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    /// <inheritdoc/>
    public bool ModelInBody => true;

    /// <inheritdoc/>
    public ParameterMap Parameters => dialect.Parameters;

    /// <inheritdoc/>
    public string? ShouldRetryHeader => "x-should-retry";

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Ping(StreamStyle style) => Pings.Comment;

    /// <inheritdoc/>
    public bool IsToldPlainly(GatewayError error) => ChatErrors.IsTold(error);

    /// <inheritdoc/>
    public string MessagesMember => "messages";

    /// <inheritdoc/>
    public virtual RequestHead ReadHead(WireRequest request, JsonMembers members) => ChatHead.Read(members);

    /// <inheritdoc/>
    public Outcome<ChatRequest> DecodeRequest(WireRequest request) =>
        Decoding.Request(request.Body, dialect, static (body, d) => new ChatRequestReader(d).Read(body));

    /// <inheritdoc/>
    public Outcome<ChatRequest> ForOthers(ChatRequest request, TranslationContext context) => ChatCacheLift.Lift(request);

    /// <inheritdoc/>
    public bool Carries(Tool tool, TranslationContext context) => new ChatToolWriter(new ChatWriteScope(dialect, context)).Carries(tool);

    /// <inheritdoc/>
    public GatewayError? EncodeRequest(ChatRequest request, TranslationContext context, IBufferWriter<byte> output)
    {
        JsonOutput.Write(output, (Dialect: dialect, Context: context, Request: request), static (writer, s) => new ChatRequestWriter(s.Dialect, s.Context).Write(writer, s.Request));
        return null;
    }

    /// <inheritdoc/>
    public Outcome<ChatResponse> DecodeResponse(ReadOnlyMemory<byte> body, TranslationContext context) => errors.InAnswer(body, "\"choices\""u8) is { } error ? error
        : Decoding.Chat(body, (Dialect: dialect, Context: context), static (answer, s) => new ChatResponseReader(s.Dialect, s.Context).Read(answer));

    /// <inheritdoc/>
    public void EncodeResponse(ChatResponse response, TranslationContext context, IBufferWriter<byte> output) =>
        JsonOutput.Write(output, (Dialect: dialect, Context: context, Response: response), static (writer, s) => new ChatResponseWriter(s.Dialect, s.Context).Write(writer, s.Response));

    /// <inheritdoc/>
    public IStreamDecoder CreateStreamDecoder(TranslationContext context) => new AnswerDecoder(new ChatStreamDecoder(dialect, errors, context));

    /// <inheritdoc/>
    public IStreamEncoder CreateStreamEncoder(TranslationContext context) => new ChatStreamEncoder(dialect, errors, context);

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => errors.Encode(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => errors.EncodeEvent(error, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => errors.Decode(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => new ChatTap(dialect.Id, errors, stream);
}
