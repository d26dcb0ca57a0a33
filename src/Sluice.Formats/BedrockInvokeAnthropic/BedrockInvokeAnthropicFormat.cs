using System.Buffers;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.AnthropicMessages;
using Sluice.Formats.BedrockConverse;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.BedrockInvokeAnthropic;

/// <summary>
/// Anthropic's models through Bedrock's <c>/model/{id}/invoke</c> and <c>/invoke-with-response-stream</c>: a Messages body without <c>model</c> and
/// <c>stream</c>, with <c>anthropic_version</c>; streamed events are Messages events in base64 inside Amazon's frames.
/// </summary>
internal sealed class BedrockInvokeAnthropicFormat : IChatClientFormat
{
    /// <inheritdoc/>
    public WireFormatId Id => WireFormatId.BedrockInvokeAnthropic;

    /// <inheritdoc/>
    public WireOperation Operation => WireOperation.Chat;

    /// <inheritdoc/>
    public StreamFraming Framing => StreamFraming.AmazonEventStream;

    /// <inheritdoc/>
    public bool ModelInBody => false;

    /// <inheritdoc/>
    public ParameterMap Parameters => AnthropicMessages.AnthropicParameters.Map;

    /// <inheritdoc/>
    public RequestHead ReadHead(WireRequest request, JsonMembers members) => new()
    {
        Model = request.PathModel,
        Stream = request.Path.EndsWith("/invoke-with-response-stream", StringComparison.Ordinal),
        MaxTokens = members.GetInt64("max_tokens"u8),
    };

    /// <inheritdoc/>
    public bool Carries(Tool tool, TranslationContext context) => AnthropicToolWriter.Has(tool);

    /// <inheritdoc/>
    public GatewayError? EncodeRequest(ChatRequest request, TranslationContext context, IBufferWriter<byte> output)
    {
        AnthropicRequestWriter.Write(request, context, AnthropicRequestUse.BedrockInvoke, output);
        return null;
    }

    /// <inheritdoc/>
    public Outcome<ChatResponse> DecodeResponse(ReadOnlyMemory<byte> body, TranslationContext context) => Decoding.Chat(body, context, AnthropicResponseReader.Read);

    /// <inheritdoc/>
    public IStreamDecoder CreateStreamDecoder(TranslationContext context) => new Decoder(new AnswerDecoder(new AnthropicStreamDecoder(context)));

    /// <inheritdoc/>
    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => BedrockErrors.Write(error, output);

    /// <inheritdoc/>
    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => BedrockErrors.WriteFrame(error, output);

    /// <inheritdoc/>
    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => BedrockErrors.Read(status, body);

    /// <inheritdoc/>
    public IAnswerTap CreateTap(bool stream) => stream ? new Tap(new AnthropicTap(stream: true)) : new AnthropicTap(stream: false);

    /// <summary>The Messages event in a frame's <c>{"bytes": "..."}</c>; the frame itself where it holds none.</summary>
    private static StreamFrame Unwrap(in StreamFrame frame)
    {
        if (frame.IsException) return frame;
        try
        {
            using var document = JsonDocument.Parse(JsonUnicode.Mend(frame.Data));
            string? base64 = document.RootElement.Text("bytes"u8);
            return base64 is null ? frame : StreamFrame.OfData(Convert.FromBase64String(base64));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return frame;
        }
    }

    private sealed class Decoder(AnswerDecoder inner) : IStreamDecoder
    {
        public void Decode(in StreamFrame frame, List<StreamEvent> events) => inner.Decode(Unwrap(frame), events);

        public void Complete(List<StreamEvent> events) => inner.Complete(events);
    }

    private sealed class Tap(AnthropicTap inner) : IAnswerTap
    {
        private GatewayError? _exception;

        public Usage? Usage => inner.Usage;

        public string? Model => inner.Model;

        public GatewayError? Error => _exception ?? inner.Error;

        public long OutputCharacters => inner.OutputCharacters;

        public AnswerSignal Observe(in StreamFrame frame)
        {
            if (!frame.IsException) return inner.Observe(Unwrap(frame));
            _exception = BedrockErrors.ReadFrame(frame.Event, frame.Data);
            return AnswerSignal.Error;
        }
    }
}
