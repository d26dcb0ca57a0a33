using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Embeddings;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.OllamaChat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OllamaEmbed;

/// <summary>Ollama's <c>POST /api/embed</c>, to clients and to upstreams (<c>api.EmbedRequest</c>, <c>api.EmbedResponse</c>).</summary>
internal sealed class OllamaEmbedFormat : IEmbeddingServerFormat, IEmbeddingClientFormat
{
    private static FrozenSet<string> Known { get; } = ["model", "input", "truncate", "dimensions"];

    private static FrozenSet<string> KnownOfAnswer { get; } = ["model", "embeddings", .. OllamaUsage.Names];

    /// <inheritdoc/>
    public WireFormatId Id => WireFormatId.OllamaEmbed;

    /// <inheritdoc/>
    public WireOperation Operation => WireOperation.Embeddings;

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.NdJson;

    /// <inheritdoc/>
    public bool ModelInBody => true;

    /// <inheritdoc/>
    public ParameterMap Parameters => OllamaChat.OllamaParameters.OfEmbeddings;

    /// <inheritdoc/>
    public RequestHead ReadHead(WireRequest request, JsonMembers members) => OllamaHead.OfModel(members);

    /// <inheritdoc/>
    public Outcome<EmbeddingRequest> DecodeRequest(WireRequest request) => Decoding.Request(request.Body, this, static (root, self) => self.ReadRequest(root));

    /// <inheritdoc/>
    public GatewayError? EncodeRequest(EmbeddingRequest request, string upstreamModel, LossReport losses, IBufferWriter<byte> output)
    {
        for (int i = 0; i < request.Inputs.Count; i++)
        {
            if (request.Inputs[i].Text is null) return new GatewayError(ErrorKind.InvalidRequest, "Ollama embeds texts, not token ids; send the input as text") { Param = $"input[{i}]" };
        }
        if (request.Purpose is not null) losses.Dropped("input_type", "Ollama has no such setting");
        if (request.NumberType is not (null or "float")) losses.Dropped("output_dtype", "Ollama gives floats only");
        if (request.Title is not null) losses.Dropped("title", "Ollama has no such setting");
        if (request.User is not null) losses.Dropped("user", "Ollama has no such setting");
        losses.Unknown(request.Notes, Id, "");
        JsonOutput.Write(output, (Request: request, Model: upstreamModel), static (writer, s) => WriteRequest(writer, s.Request, s.Model));
        return null;
    }

    /// <inheritdoc/>
    public Outcome<EmbeddingResponse> DecodeResponse(ReadOnlyMemory<byte> body, EmbeddingRequest request)
    {
        if (OllamaErrors.InAnswer(body) is { } error) return error;
        return Decoding.Answer(body, this, static (root, self) => self.ReadResponse(root));
    }

    /// <inheritdoc/>
    public void EncodeResponse(EmbeddingResponse response, EmbeddingRequest request, IBufferWriter<byte> output) =>
        JsonOutput.Write(output, (Response: response, Request: request), static (writer, s) => WriteResponse(writer, s.Response, s.Request));

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => OllamaErrors.Encode(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => OllamaErrors.EncodeLine(error, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => OllamaErrors.Decode(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => new EmbeddingTap("prompt_eval_count"u8, static root => OllamaUsage.Read(root), static root => OllamaErrors.Read(0, root));

    private EmbeddingRequest ReadRequest(JsonElement root)
    {
        var notes = new NotesBuilder(Id).Keep(root, Known);
        if (root.Get("input"u8) is not { } input) throw new WireFormatException("input", "is missing; a text or a list of texts is required");
        bool single = input.ValueKind == JsonValueKind.String;
        if (!single && (input.ValueKind != JsonValueKind.Array || input.EnumerateArray().Any(i => i.ValueKind != JsonValueKind.String)))
        {
            throw new WireFormatException("input", "must be a text or a list of texts");
        }
        return new EmbeddingRequest
        {
            Model = root.RequiredString("model"u8),
            Inputs = single ? [new EmbeddingInput { Text = input.GetString() }] : [.. input.EnumerateArray().Select(i => new EmbeddingInput { Text = i.GetString() })],
            IsSingle = single,
            Truncate = root.Boolean("truncate"u8),
            Dimensions = root.Int32("dimensions"u8),
            Notes = notes.Build(),
        };
    }

    private static void WriteRequest(Utf8JsonWriter writer, EmbeddingRequest request, string model)
    {
        writer.WriteStartObject();
        writer.WriteString("model"u8, model);
        writer.WritePropertyName("input"u8);
        if (request.IsSingle && request.Inputs.Count == 1)
        {
            writer.WriteStringValue(request.Inputs[0].Text);
        }
        else
        {
            writer.WriteStartArray();
            foreach (var input in request.Inputs) writer.WriteStringValue(input.Text);
            writer.WriteEndArray();
        }
        if (request.Truncate is { } truncate) writer.WriteBoolean("truncate"u8, truncate);
        if (request.Dimensions is { } dimensions) writer.WriteNumber("dimensions"u8, dimensions);
        writer.WriteKept(request.Notes, WireFormatId.OllamaEmbed);
        writer.WriteEndObject();
    }

    private EmbeddingResponse ReadResponse(JsonElement root) => new()
    {
        Model = root.Text("model"u8) ?? "",
        Vectors = FloatVectors.Read(root.Array("embeddings"u8) ?? throw new WireFormatException("embeddings", "is missing; a list of vectors is required"), "embeddings"),
        Usage = OllamaUsage.Read(root),
        Notes = new NotesBuilder(Id).Keep(root, KnownOfAnswer).Build(),
    };

    private static void WriteResponse(Utf8JsonWriter writer, EmbeddingResponse response, EmbeddingRequest request)
    {
        writer.WriteStartObject();
        writer.WriteString("model"u8, response.Model.Length > 0 ? response.Model : request.Model);
        writer.WritePropertyName("embeddings"u8);
        FloatVectors.Write(writer, response.Vectors);
        WriteUsage(writer, response.Usage);
        writer.WriteKept(response.Notes, WireFormatId.OllamaEmbed);
        writer.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter writer, Usage? usage)
    {
        if (usage?.RawFormat == WireFormatId.OllamaChat)
        {
            OllamaUsage.Write(writer, usage, default);
            return;
        }
        writer.WriteNumber("total_duration"u8, 0);
        writer.WriteNumber("load_duration"u8, 0);
        if (usage?.InputTokens is { } input) writer.WriteNumber("prompt_eval_count"u8, input);
    }
}
