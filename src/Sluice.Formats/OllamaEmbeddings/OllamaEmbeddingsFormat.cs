using System.Buffers;
using System.Collections.Frozen;
using Sluice.Embeddings;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.OllamaChat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OllamaEmbeddings;

/// <summary>
/// Ollama's <c>POST /api/embeddings</c>, to clients: one <c>prompt</c>, one <c>embedding</c> (<c>api.EmbeddingRequest</c>, <c>api.EmbeddingResponse</c>). Its successor
/// is <c>/api/embed</c>; Continue, LangChain and the official packages still call it.
/// </summary>
internal sealed class OllamaEmbeddingsFormat : IEmbeddingServerFormat
{
    // How long a model stays loaded is Ollama's own; its settings say nothing about vectors.
    private static FrozenSet<string> Known { get; } = ["model", "prompt", "keep_alive", "options"];

    /// <inheritdoc/>
    public WireFormatId Id => WireFormatId.OllamaEmbeddings;

    /// <inheritdoc/>
    public WireOperation Operation => WireOperation.Embeddings;

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.NdJson;

    /// <inheritdoc/>
    public bool ModelInBody => true;

    /// <inheritdoc/>
    public RequestHead ReadHead(WireRequest request, JsonMembers members) => OllamaHead.OfModel(members);

    /// <inheritdoc/>
    public Outcome<EmbeddingRequest> DecodeRequest(WireRequest request) => Decoding.Request(request.Body, this, static (root, self) => new EmbeddingRequest
    {
        Model = root.RequiredString("model"u8),
        Inputs = [new EmbeddingInput { Text = root.RequiredString("prompt"u8) }],
        IsSingle = true,
        Notes = new NotesBuilder(self.Id).Keep(root, Known).Build(),
    });

    /// <inheritdoc/>
    public void EncodeResponse(EmbeddingResponse response, EmbeddingRequest request, IBufferWriter<byte> output) => JsonOutput.Write(output, response, static (writer, answer) =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName("embedding"u8);
        FloatVectors.WriteOne(writer, answer.Vectors.Count > 0 ? answer.Vectors[0].Span : default);
        writer.WriteEndObject();
    });

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => OllamaErrors.Encode(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => OllamaErrors.EncodeLine(error, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => OllamaErrors.Decode(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => new EmbeddingTap("prompt_eval_count"u8, static root => OllamaUsage.Read(root), static root => OllamaErrors.Read(0, root));
}
