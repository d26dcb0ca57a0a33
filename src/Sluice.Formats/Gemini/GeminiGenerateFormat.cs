using System.Buffers;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>
/// Gemini <c>generateContent</c> and <c>streamGenerateContent</c>, on the Gemini API and on Vertex AI. The path names the model and says whether it streams.
/// Sources: ai.google.dev/api/generate-content, the types of @google/genai, and recorded traffic.
/// </summary>
internal sealed class GeminiGenerateFormat : IChatServerFormat, IChatClientFormat
{
    public WireFormatId Id => WireFormatId.GeminiGenerate;

    public WireOperation Operation => WireOperation.Chat;

    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    public bool ModelInBody => false;

    public ParameterMap Parameters => GeminiParameters.Map;

    public MediaTypePlaces? MediaTypes => GeminiMedia.TypePlaces;

    public RequestHead ReadHead(WireRequest request, JsonMembers members)
    {
        bool stream = GeminiPath.IsStream(request.Path);
        return new RequestHead
        {
            Model = GeminiPath.Model(request),
            Stream = stream,
            StreamStyle = stream && !GeminiPath.WantsEvents(request.Query) ? StreamStyle.JsonArray : StreamStyle.Default,
            MaxTokens = GeminiHead.MaxTokens(members),
        };
    }

    public Outcome<ChatRequest> DecodeRequest(WireRequest request) =>
        Decoding.Request(request.Body, request, static (root, r) => GeminiRequestReader.Read(root, GeminiPath.Model(r) ?? "", GeminiPath.IsStream(r.Path)));

    public Outcome<ChatRequest> ForOthers(ChatRequest request, TranslationContext context) => request with
    {
        Tools = [.. request.Tools.Select(t => t is FunctionTool function ? function with { Parameters = GeminiSchema.Lowered(function.Parameters) } : t)],
        AnswerFormat = request.AnswerFormat is { } format ? format with { Schema = GeminiSchema.Lowered(format.Schema) } : null,
    };

    public bool Carries(Tool tool, TranslationContext context) => tool is not HostedTool hosted || GeminiToolWriter.Carries(hosted);

    public GatewayError? EncodeRequest(ChatRequest request, TranslationContext context, IBufferWriter<byte> output)
    {
        JsonOutput.Write(output, (request, context), static (writer, s) =>
        {
            writer.WriteStartObject();
            GeminiRequestWriter.WriteMembers(writer, s.request, s.context);
            writer.WriteEndObject();
        });
        return null;
    }

    public void EncodeResponse(ChatResponse response, TranslationContext context, IBufferWriter<byte> output) =>
        JsonOutput.Write(output, (response, context), static (writer, s) => GeminiResponseWriter.Write(writer, s.response, s.context));

    public Outcome<ChatResponse> DecodeResponse(ReadOnlyMemory<byte> body, TranslationContext context) => GeminiResponseReader.Read(body, context);

    public IStreamDecoder CreateStreamDecoder(TranslationContext context) => new AnswerDecoder(new GeminiStreamDecoder(context));

    public IStreamEncoder CreateStreamEncoder(TranslationContext context) => new GeminiStreamEncoder(context);

    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => GeminiErrors.Write(error, output);

    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output)
    {
        output.Write(style == StreamStyle.JsonArray ? ",\r\n"u8 : "data: "u8);
        GeminiErrors.WriteLine(error, output);
        output.Write(style == StreamStyle.JsonArray ? "]"u8 : "\r\n\r\n"u8);
    }

    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => GeminiErrors.Read(status, body);

    public IAnswerTap CreateTap(bool stream) => new GeminiTap(stream);
}
