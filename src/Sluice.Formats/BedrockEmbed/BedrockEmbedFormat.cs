using System.Buffers;
using System.Text.Json;
using Sluice.Embeddings;
using Sluice.Errors;
using Sluice.Formats.BedrockConverse;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.BedrockEmbed;

/// <summary>
/// Embedding models through Bedrock's <c>/model/{id}/invoke</c>: each maker has a body of its own, errors and the header with the tokens of the input are
/// Bedrock's (https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html).
/// </summary>
internal abstract class BedrockEmbedFormat(WireFormatId id) : IEmbeddingClientFormat
{
    /// <inheritdoc/>
    public WireFormatId Id => id;

    /// <inheritdoc/>
    public WireOperation Operation => WireOperation.Embeddings;

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.AmazonEventStream;

    /// <inheritdoc/>
    public bool ModelInBody => false;

    /// <inheritdoc/>
    public string InputTokensHeader => "x-amzn-bedrock-input-token-count";

    /// <inheritdoc/>
    public RequestHead ReadHead(WireRequest request, JsonMembers members) => new() { Model = request.PathModel };

    /// <inheritdoc/>
    public GatewayError? EncodeRequest(EmbeddingRequest request, string upstreamModel, LossReport losses, IBufferWriter<byte> output)
    {
        if (TextEmbeddings.Refuse(request, "Amazon Bedrock") is { } refusal) return refusal;
        TextEmbeddings.Report(request, losses, Id, "Amazon Bedrock");
        JsonOutput.Write(output, (Format: this, Request: request, Model: upstreamModel, Losses: losses), static (writer, s) =>
        {
            writer.WriteStartObject();
            s.Format.Write(writer, s.Request, s.Model, s.Losses);
            writer.WriteEndObject();
        });
        return null;
    }

    /// <inheritdoc/>
    public Outcome<EmbeddingResponse> DecodeResponse(ReadOnlyMemory<byte> body, EmbeddingRequest request) => Decoding.Answer(body, (Format: this, Request: request), static (root, s) => s.Format.Read(root, s.Request));

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => BedrockErrors.Write(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => BedrockErrors.WriteFrame(error, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => BedrockErrors.Read(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => new EmbeddingTap("\"inputTextTokenCount\""u8, static _ => null, static root => BedrockErrors.Read(0, RawJson.From(root).Utf8));

    /// <summary>Writes the members of a body.</summary>
    protected abstract void Write(Utf8JsonWriter writer, EmbeddingRequest request, string model, LossReport losses);

    /// <summary>Reads a body. Throws <see cref="WireFormatException"/>.</summary>
    protected abstract EmbeddingResponse Read(JsonElement root, EmbeddingRequest request);

    /// <summary>A list that must be there.</summary>
    protected static JsonElement Required(JsonElement root, ReadOnlySpan<byte> name, string path) => root.Get(name) ?? throw new WireFormatException(path, "is missing; a list of numbers is required");
}
