using System.Buffers;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.OllamaChat;
using Sluice.Wire;

namespace Sluice.Formats.OllamaGenerate;

/// <summary>
/// Ollama's <c>POST /api/generate</c>, to clients: a prompt is a conversation of one turn, the answer stands in <c>response</c>. To an Ollama upstream it
/// passes through.
/// </summary>
internal sealed class OllamaGenerateFormat : IChatServerFormat
{
    /// <inheritdoc/>
    public WireFormatId Id => WireFormatId.OllamaGenerate;

    /// <inheritdoc/>
    public WireOperation Operation => WireOperation.Chat;

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.NdJson;

    /// <inheritdoc/>
    public bool ModelInBody => true;

    /// <inheritdoc/>
    public ParameterMap Parameters => OllamaChat.OllamaParameters.Map;

    /// <inheritdoc/>
    public RequestHead ReadHead(WireRequest request, JsonMembers members) => OllamaHead.Read(members);

    /// <inheritdoc/>
    public Outcome<ChatRequest> DecodeRequest(WireRequest request) => Decoding.Request(request.Body, 0, static (root, _) => OllamaGenerateRequestReader.Read(root));

    /// <inheritdoc/>
    public Outcome<ChatRequest> ForOthers(ChatRequest request, TranslationContext context) => OllamaPictures.Check(request, static _ => "images");

    /// <inheritdoc/>
    public void EncodeResponse(ChatResponse response, TranslationContext context, IBufferWriter<byte> output) =>
        JsonOutput.Write(output, new OllamaAnswerWriter(response, context, OllamaAnswerStyle.Generate), static (writer, answer) => answer.Write(writer));

    /// <inheritdoc/>
    public IStreamEncoder CreateStreamEncoder(TranslationContext context) => new OllamaStreamEncoder(context, OllamaAnswerStyle.Generate);

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => OllamaErrors.Encode(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => OllamaErrors.EncodeLine(error, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => OllamaErrors.Decode(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => new OllamaTap();
}
