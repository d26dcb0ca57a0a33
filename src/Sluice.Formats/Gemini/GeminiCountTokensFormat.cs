using System.Buffers;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>
/// Gemini <c>countTokens</c>: the members of a generate request at the top (all that Vertex AI takes), or, for more than contents on the Gemini API, a whole
/// request under <c>generateContentRequest</c>. Source: ai.google.dev/api/tokens.
/// </summary>
internal sealed class GeminiCountTokensFormat : ICountTokensServerFormat, ICountTokensClientFormat
{
    public WireFormatId Id => WireFormatId.GeminiCountTokens;

    public WireOperation Operation => WireOperation.CountTokens;

    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    public bool ModelInBody => false;

    public ParameterMap Parameters => GeminiParameters.OfOthers;

    public MediaTypePlaces? MediaTypes => GeminiMedia.TypePlaces;

    public RequestHead ReadHead(WireRequest request, JsonMembers members) => new() { Model = GeminiPath.Model(request) };

    public Outcome<ChatRequest> DecodeRequest(WireRequest request) => Decoding.Request(request.Body, request, static (root, r) =>
    {
        string model = GeminiPath.Model(r) ?? "";
        if ((root.Get("generateContentRequest"u8) ?? root.Get("generate_content_request"u8)) is not { ValueKind: JsonValueKind.Object } inner) return GeminiRequestReader.Read(root, model, false);
        var read = GeminiRequestReader.Read(inner, model, false);
        var notes = read.Notes ?? new WireNotes(WireFormatId.GeminiGenerate);
        return read with { Notes = notes with { Shape = Shape.Of(notes.Shape, "enveloped") } };
    });

    public void EncodeCount(long inputTokens, IBufferWriter<byte> output) => JsonOutput.Write(output, inputTokens, static (writer, count) =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("totalTokens"u8, count);
        writer.WriteEndObject();
    });

    public GatewayError? EncodeRequest(ChatRequest request, TranslationContext context, IBufferWriter<byte> output)
    {
        bool own = GeminiRequestWriter.IsOwn(context);
        bool isEnveloped = own ? new GeminiNotes(request.Notes).Has("enveloped") : context.Vendor != "vertex";
        JsonOutput.Write(output, (request, context, isEnveloped, own), static (writer, s) =>
        {
            writer.WriteStartObject();
            if (s.isEnveloped) writer.WriteStartObject("generateContentRequest"u8);
            // Inside an envelope the model is required and named in full.
            if (s.isEnveloped && !s.own) writer.WriteString("model"u8, $"models/{s.context.UpstreamModel}");
            GeminiRequestWriter.WriteMembers(writer, s.request, s.context);
            if (s.isEnveloped) writer.WriteEndObject();
            writer.WriteEndObject();
        });
        return null;
    }

    public long? DecodeCount(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Tokens("totalTokens"u8);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => GeminiErrors.Write(error, output);

    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => GeminiErrors.Write(error, output);

    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => GeminiErrors.Read(status, body);

    public IAnswerTap CreateTap(bool stream) => new GeminiTap(stream);
}
