using System.Buffers;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Client;

/// <summary>The chat model itself as a format, for calls from code: what goes in and comes out are objects, not bytes. One object a call.</summary>
internal sealed class DirectFormat(ChatRequest request) : IChatServerFormat
{
    private ChatRequest _request = request;
    private bool _drops;
    private DirectFormat? _adopted;
    private ChatResponse? _response;
    private readonly List<StreamEvent> _waiting = [];

    /// <summary>The body of a call without bytes.</summary>
    public static WireRequest EmptyRequest { get; } = new() { Body = "{}"u8.ToArray() };

    public WireFormatId Id { get; } = new("sluice");

    public WireOperation Operation => WireOperation.Chat;

    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    public bool ModelInBody => false;

    /// <summary>The whole answer.</summary>
    public ChatResponse? Response => _adopted?.Response ?? _response;

    /// <summary>Why there is none.</summary>
    public GatewayError? Error { get; private set; }

    /// <summary>Events that are not handed over yet.</summary>
    public List<StreamEvent> Waiting => _adopted?.Waiting ?? _waiting;

    /// <summary>The same request again, for a copy whose answer nobody takes.</summary>
    public DirectFormat Copy() => new(_request) { _drops = true };

    /// <summary>The same request for one of two attempts at once: their answers must not mix.</summary>
    public DirectFormat Fork() => new(_request);

    /// <summary>Gives the request a limit of its output. Only before any attempt.</summary>
    public void Limit(long tokens) => _request = _request with { MaxTokens = tokens };

    /// <summary>Takes over the answer of the attempt that won.</summary>
    public void Adopt(DirectFormat fork) => _adopted = fork;

    public RequestHead ReadHead(WireRequest wire, JsonMembers members) => new() { Model = _request.Model, Stream = _request.Stream, MaxTokens = _request.MaxTokens };

    public Outcome<ChatRequest> DecodeRequest(WireRequest wire) => _request;

    public void EncodeResponse(ChatResponse response, TranslationContext context, IBufferWriter<byte> output) => _response = response;

    public IStreamEncoder CreateStreamEncoder(TranslationContext context)
    {
        // A new attempt: what an earlier one left was never handed over.
        Waiting.Clear();
        return new Encoder(this);
    }

    public void EncodeError(GatewayError error, IBufferWriter<byte> output) => Error = error;

    public void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output) => Waiting.Add(new StreamFailed(error));

    public GatewayError DecodeError(int status, ReadOnlyMemory<byte> body) => new(GatewayError.KindOfStatus(status), "no upstream speaks this format");

    public IAnswerTap CreateTap(bool stream) => throw new InvalidOperationException("no upstream speaks this format");

    private sealed class Encoder(DirectFormat owner) : IStreamEncoder
    {
        public void Encode(StreamEvent next, IBufferWriter<byte> output)
        {
            if (!owner._drops) owner.Waiting.Add(next);
        }
    }
}
