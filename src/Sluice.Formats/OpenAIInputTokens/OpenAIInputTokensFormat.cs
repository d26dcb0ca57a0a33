using System.Buffers;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.OpenAIResponses;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIInputTokens;

/// <summary>
/// OpenAI's <c>POST /v1/responses/input_tokens</c>: a Responses body without what only generation needs; the answer is
/// <c>{"object":"response.input_tokens","input_tokens":n}</c> (https://platform.openai.com/docs/api-reference/responses/input-tokens).
/// </summary>
internal sealed class OpenAIInputTokensFormat : ICountTokensServerFormat, ICountTokensClientFormat
{
    /// <inheritdoc/>
    public WireFormatId Id => WireFormatId.OpenAIInputTokens;

    /// <inheritdoc/>
    public WireOperation Operation => WireOperation.CountTokens;

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    /// <inheritdoc/>
    public bool ModelInBody => true;

    /// <inheritdoc/>
    public RequestHead ReadHead(WireRequest request, JsonMembers members) => new() { Model = members.GetString("model"u8) };

    /// <inheritdoc/>
    public Outcome<ChatRequest> DecodeRequest(WireRequest request) => Decoding.Request(request.Body, 0, static (body, _) => ResponsesRequestReader.Read(body));

    /// <inheritdoc/>
    public void EncodeCount(long inputTokens, IBufferWriter<byte> output) => JsonOutput.Write(output, inputTokens, static (writer, count) =>
    {
        writer.WriteStartObject();
        writer.WriteString("object"u8, "response.input_tokens"u8);
        writer.WriteNumber("input_tokens"u8, count);
        writer.WriteEndObject();
    });

    /// <inheritdoc/>
    public GatewayError? EncodeRequest(ChatRequest request, TranslationContext context, IBufferWriter<byte> output)
    {
        JsonOutput.Write(output, (request, context), static (json, s) => ResponsesRequestWriter.WriteCounted(json, s.request, s.context));
        return null;
    }

    /// <inheritdoc/>
    public long? DecodeCount(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Count("input_tokens"u8);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => ResponsesErrors.WriteBody(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => ResponsesErrors.WriteEvent(error, 0, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => ResponsesErrors.Read(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => new ResponsesTap(stream);
}
