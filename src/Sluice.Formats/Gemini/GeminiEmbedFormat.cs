using System.Buffers;
using Sluice.Embeddings;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>
/// Gemini <c>embedContent</c> and <c>batchEmbedContents</c>. Which of the two a request is stands in the path; the engine asks
/// <see cref="IEmbeddingClientFormat.IsBatch"/> for the one that goes with a body it lets this codec write. Source: ai.google.dev/api/embeddings.
/// </summary>
internal sealed class GeminiEmbedFormat : IEmbeddingServerFormat, IEmbeddingClientFormat
{
    public WireFormatId Id => WireFormatId.GeminiEmbed;

    public WireOperation Operation => WireOperation.Embeddings;

    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    public bool ModelInBody => false;

    public ParameterMap Parameters => GeminiParameters.OfEmbeddings;

    public MediaTypePlaces? MediaTypes => GeminiMedia.TypePlaces;

    public RequestHead ReadHead(WireRequest request, JsonMembers members) => new() { Model = GeminiPath.Model(request) };

    public Outcome<EmbeddingRequest> DecodeRequest(WireRequest request) =>
        Decoding.Request(request.Body, request, static (root, r) => GeminiEmbedReader.Request(root, GeminiPath.Model(r) ?? "", GeminiPath.IsBatch(r.Path)));

    public void EncodeResponse(EmbeddingResponse response, EmbeddingRequest request, IBufferWriter<byte> output) =>
        JsonOutput.Write(output, (response, request), static (writer, s) => GeminiEmbedWriter.Response(writer, s.response, s.request));

    public bool IsBatch(EmbeddingRequest request) => GeminiEmbedWriter.IsBatch(request);

    public GatewayError? EncodeRequest(EmbeddingRequest request, string upstreamModel, LossReport losses, IBufferWriter<byte> output)
    {
        if (request.Inputs.Any(i => i.Text is null)) return new GatewayError(ErrorKind.InvalidRequest, "input: Gemini embeds text, not token ids") { Param = "input" };
        GeminiEmbedWriter.Report(request, losses);
        JsonOutput.Write(output, (request, upstreamModel), static (writer, s) => GeminiEmbedWriter.Request(writer, s.request, s.upstreamModel));
        return null;
    }

    public Outcome<EmbeddingResponse> DecodeResponse(ReadOnlyMemory<byte> body, EmbeddingRequest request) => Decoding.Answer(body, request, static (root, _) => GeminiEmbedReader.Response(root));

    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => GeminiErrors.Write(error, output);

    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => GeminiErrors.Write(error, output);

    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => GeminiErrors.Read(status, body);

    public IAnswerTap CreateTap(bool stream) => new GeminiTap(stream);
}
