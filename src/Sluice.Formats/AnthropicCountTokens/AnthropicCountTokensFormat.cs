using System.Buffers;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.AnthropicMessages;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicCountTokens;

/// <summary>Anthropic token counting, <c>POST /v1/messages/count_tokens</c>: a Messages body without what only generation needs; the answer is <c>{"input_tokens": n}</c>.</summary>
internal sealed class AnthropicCountTokensFormat : ICountTokensServerFormat, ICountTokensClientFormat
{
    /// <inheritdoc/>
    public WireFormatId Id => WireFormatId.AnthropicCountTokens;

    /// <inheritdoc/>
    public WireOperation Operation => WireOperation.CountTokens;

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    /// <inheritdoc/>
    public bool ModelInBody => true;

    /// <inheritdoc/>
    public string? ShouldRetryHeader => "x-should-retry";

    /// <inheritdoc/>
    public string? RequestIdHeader => "request-id";

    /// <inheritdoc/>
    public ParameterMap Parameters => AnthropicParameters.OfCounts;

    /// <inheritdoc/>
    public MediaTypePlaces? MediaTypes => AnthropicMessages.AnthropicMediaReader.TypePlaces;

    /// <inheritdoc/>
    public RequestHead ReadHead(WireRequest request, JsonMembers members) => new() { Model = members.GetString("model"u8) };

    /// <inheritdoc/>
    public Outcome<ChatRequest> DecodeRequest(WireRequest request) => Decoding.Request(request.Body, request, AnthropicRequestReader.Read);

    /// <inheritdoc/>
    public void EncodeCount(long inputTokens, IBufferWriter<byte> output) => JsonOutput.Write(output, inputTokens, static (writer, count) =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("input_tokens"u8, count);
        writer.WriteEndObject();
    });

    /// <inheritdoc/>
    public GatewayError? EncodeRequest(ChatRequest request, TranslationContext context, IBufferWriter<byte> output)
    {
        AnthropicRequestWriter.Write(request, context, AnthropicRequestUse.CountTokens, output);
        return null;
    }

    /// <inheritdoc/>
    public long? DecodeCount(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Tokens("input_tokens"u8);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => AnthropicErrors.Write(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => AnthropicErrors.WriteEvent(error, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => AnthropicErrors.Read(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => new AnthropicTap(stream);
}
