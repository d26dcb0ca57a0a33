using System.Buffers;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>
/// OpenAI Responses, <c>POST /v1/responses</c>. Reference: https://platform.openai.com/docs/api-reference/responses and OpenAI's openapi.json;
/// differences of OpenRouter, DeepSeek, Azure and Bedrock Mantle were seen in recorded traffic.
/// </summary>
internal sealed class OpenAIResponsesFormat : IChatServerFormat, IChatClientFormat, IServerStateFormat
{
    /// <inheritdoc/>
    public WireFormatId Id => WireFormatId.OpenAIResponses;

    /// <inheritdoc/>
    public WireOperation Operation => WireOperation.Chat;

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    /// <inheritdoc/>
    public bool ModelInBody => true;

    /// <inheritdoc/>
    public ParameterMap Parameters => ResponsesParameters.Map;

    /// <inheritdoc/>
    public string? ShouldRetryHeader => "x-should-retry";

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Ping(StreamStyle style) => Pings.Comment;

    /// <inheritdoc/>
    public bool IsToldPlainly(GatewayError error) => OpenAIChat.ChatErrors.IsTold(error);

    /// <inheritdoc/>
    public string MessagesMember => "input";

    /// <inheritdoc/>
    public RequestHead ReadHead(WireRequest request, JsonMembers members) => new()
    {
        Model = members.GetString("model"u8),
        Stream = members.GetBoolean("stream"u8) == true,
        MaxTokens = members.GetInt64("max_output_tokens"u8),
    };

    /// <inheritdoc/>
    public Outcome<ChatRequest> DecodeRequest(WireRequest request) => Decoding.Request(request.Body, 0, static (body, _) => ResponsesRequestReader.Read(body));

    /// <inheritdoc/>
    public Outcome<ChatRequest> ForOthers(ChatRequest request, TranslationContext context) => Decoding.Again((request, context), static s => ToolLift.Lift(s.request, s.context));

    /// <inheritdoc/>
    public bool Carries(Tool tool, TranslationContext context) => tool is not HostedTool hosted || ResponsesToolWriter.Carries(hosted);

    /// <inheritdoc/>
    public GatewayError? EncodeRequest(ChatRequest request, TranslationContext context, IBufferWriter<byte> output)
    {
        JsonOutput.Write(output, (request, context), static (json, s) => ResponsesRequestWriter.Write(json, s));
        return null;
    }

    /// <inheritdoc/>
    public Outcome<ChatResponse> DecodeResponse(ReadOnlyMemory<byte> body, TranslationContext context) => ResponsesResponseReader.Read(body, context);

    /// <inheritdoc/>
    public void EncodeResponse(ChatResponse response, TranslationContext context, IBufferWriter<byte> output) =>
        JsonOutput.Write(output, (response, context), static (json, s) => ResponsesResponseWriter.Write(json, s));

    /// <inheritdoc/>
    public IStreamDecoder CreateStreamDecoder(TranslationContext context) => new AnswerDecoder(new ResponsesStreamDecoder(context));

    /// <inheritdoc/>
    public IStreamEncoder CreateStreamEncoder(TranslationContext context) => new ResponsesStreamEncoder(context);

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => ResponsesErrors.WriteBody(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => ResponsesErrors.WriteEvent(error, 0, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => ResponsesErrors.Read(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => new ResponsesTap(stream);

    /// <inheritdoc/>
    public IReadOnlyList<StateReference> StateNamed(JsonMembers request) => ResponsesState.Named(request);

    /// <inheritdoc/>
    public bool MakesState(JsonMembers request) => request.GetBoolean("store"u8) != false || request.TryGet("tools"u8, out _);

    /// <inheritdoc/>
    public IReadOnlyList<string> StateMade(ReadOnlyMemory<byte> data, bool isLast) => ResponsesState.Made(data, isLast);

    /// <inheritdoc/>
    public bool RunsOn(JsonMembers request) => ResponsesBackground.IsAskedFor(request);

    /// <inheritdoc/>
    public AnswerProgress? Progress(ReadOnlyMemory<byte> data) => ResponsesBackground.Progress(data);

    /// <inheritdoc/>
    public GatewayError StateNotFound(StateReference reference) => ResponsesState.NotFound(reference);
}
