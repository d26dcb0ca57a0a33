using System.Buffers;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>
/// Ollama's <c>POST /api/chat</c>, to clients and to upstreams. Sources: Ollama's <c>api/types.go</c> and <c>docs/api.md</c>, the types of the
/// official JavaScript client (0.6).
/// </summary>
internal sealed class OllamaChatFormat : IChatServerFormat, IChatClientFormat
{
    /// <inheritdoc/>
    public WireFormatId Id => WireFormatId.OllamaChat;

    /// <inheritdoc/>
    public WireOperation Operation => WireOperation.Chat;

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.NdJson;

    /// <inheritdoc/>
    public bool ModelInBody => true;

    /// <inheritdoc/>
    public ParameterMap Parameters => OllamaParameters.Map;

    /// <inheritdoc/>
    public string MessagesMember => "messages";

    /// <inheritdoc/>
    public RequestHead ReadHead(WireRequest request, JsonMembers members) => OllamaHead.Read(members);

    /// <inheritdoc/>
    public Outcome<ChatRequest> DecodeRequest(WireRequest request) => Decoding.Request(request.Body, 0, static (root, _) => OllamaRequestReader.Read(root));

    /// <inheritdoc/>
    public Outcome<ChatRequest> ForOthers(ChatRequest request, TranslationContext context) => OllamaPictures.Check(request, static i => $"messages[{i}].images");

    /// <inheritdoc/>
    public GatewayError? EncodeRequest(ChatRequest request, TranslationContext context, IBufferWriter<byte> output)
    {
        JsonOutput.Write(output, new OllamaRequestWriter(request, context), static (writer, request) => request.Write(writer));
        return null;
    }

    /// <inheritdoc/>
    public Outcome<ChatResponse> DecodeResponse(ReadOnlyMemory<byte> body, TranslationContext context)
    {
        if (OllamaErrors.InAnswer(body) is { } error) return error;
        return Decoding.Chat(body, context, static (root, context) => OllamaAnswerReader.Read(root, context));
    }

    /// <inheritdoc/>
    public void EncodeResponse(ChatResponse response, TranslationContext context, IBufferWriter<byte> output) =>
        JsonOutput.Write(output, new OllamaAnswerWriter(response, context, OllamaAnswerStyle.Chat), static (writer, answer) => answer.Write(writer));

    /// <inheritdoc/>
    public IStreamDecoder CreateStreamDecoder(TranslationContext context) => new AnswerDecoder(new OllamaStreamDecoder(context));

    /// <inheritdoc/>
    public IStreamEncoder CreateStreamEncoder(TranslationContext context) => new OllamaStreamEncoder(context, OllamaAnswerStyle.Chat);

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => OllamaErrors.Encode(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => OllamaErrors.EncodeLine(error, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => OllamaErrors.Decode(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => new OllamaTap();
}
