using System.Buffers;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.AnthropicMessages;
using Sluice.Formats.BedrockConverse;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.BedrockCountTokens;

/// <summary>
/// Bedrock's <c>CountTokens</c>, to upstreams: what the model reads of a Converse request under <c>input.converse</c>; the answer is <c>{"inputTokens": n}</c>
/// (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html).
/// </summary>
internal sealed class BedrockCountTokensFormat : ICountTokensClientFormat
{
    /// <inheritdoc/>
    public WireFormatId Id => WireFormatId.BedrockCountTokens;

    /// <inheritdoc/>
    public WireOperation Operation => WireOperation.CountTokens;

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.AmazonEventStream;

    /// <inheritdoc/>
    public bool ModelInBody => false;

    /// <inheritdoc/>
    public RequestHead ReadHead(WireRequest request, JsonMembers members) => new() { Model = request.PathModel };

    /// <inheritdoc/>
    public GatewayError? EncodeRequest(ChatRequest request, TranslationContext context, IBufferWriter<byte> output)
    {
        BedrockRequestWriter.WriteCounted(request, context, output);
        return null;
    }

    /// <inheritdoc/>
    public long? DecodeCount(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Count("inputTokens"u8);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => BedrockErrors.Write(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => BedrockErrors.WriteFrame(error, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => BedrockErrors.Read(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => new AnthropicTap(stream);
}
