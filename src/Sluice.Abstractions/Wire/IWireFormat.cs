using System.Buffers;
using Sluice.Chat;
using Sluice.Embeddings;
using Sluice.Errors;
using Sluice.Streaming;

namespace Sluice.Wire;

/// <summary>What a wire format's endpoint does.</summary>
public enum WireOperation
{
    /// <summary>An answer to a conversation or a prompt.</summary>
    Chat,

    /// <summary>Vectors of texts.</summary>
    Embeddings,

    /// <summary>The number of tokens of a request.</summary>
    CountTokens,
}

/// <summary>How a streamed body is cut into frames.</summary>
public enum StreamFraming
{
    /// <summary><c>text/event-stream</c>.</summary>
    ServerSentEvents,

    /// <summary>One JSON document a line.</summary>
    NdJson,

    /// <summary><c>application/vnd.amazon.eventstream</c>.</summary>
    AmazonEventStream,
}

/// <summary>
/// One provider API as bytes. Stateless, thread-safe, synchronous, no I/O. A format implements the role interfaces that it can play:
/// <see cref="IChatServerFormat"/> (to clients), <see cref="IChatClientFormat"/> (to upstreams) and their embedding and counting twins.
/// </summary>
public interface IWireFormat
{
    /// <summary>Its name.</summary>
    WireFormatId Id { get; }

    /// <summary>What its endpoint does.</summary>
    WireOperation Operation { get; }

    /// <summary>How its streams are framed.</summary>
    StreamFraming Framing { get; }

    /// <summary>True when the model stands in the body under <c>model</c>, false when it stands in the path.</summary>
    bool ModelInBody { get; }

    /// <summary>Where request parameters stand in its bodies.</summary>
    ParameterMap Parameters => ParameterMap.None;

    /// <summary>The header in which this format's servers name a request, beside <c>x-request-id</c>; <see langword="null"/> for none.</summary>
    string? RequestIdHeader => null;

    /// <summary>The header by which this format's servers tell its SDKs whether to send a refused request again; <see langword="null"/> for none.</summary>
    string? ShouldRetryHeader => null;

    /// <summary>Where types of media stand, for a format whose servers refuse aliases of them; <see langword="null"/> where that does no harm.</summary>
    MediaTypePlaces? MediaTypes => null;

    /// <summary>What keeps a silent stream alive between two events, framed; empty where this format's SDKs know no such thing.</summary>
    ReadOnlyMemory<byte> Ping(StreamStyle style) => default;

    /// <summary>
    /// Whether this format's clients understand an error event as it came from a server of this format. Many servers tell of a prompt that is too long in words and codes
    /// of their own, which agents do not look for.
    /// </summary>
    bool IsToldPlainly(GatewayError error) => true;

    /// <summary>The member that holds a list of messages with roles; <see langword="null"/> where a body has none.</summary>
    string? MessagesMember => null;

    /// <summary>Reads what routing must know. The body's top level is already scanned.</summary>
    RequestHead ReadHead(WireRequest request, JsonMembers members);

    /// <summary>Writes an error as this format's servers do: the whole body.</summary>
    void EncodeError(GatewayError error, IBufferWriter<byte> output);

    /// <summary>Writes an error as an event of a stream that has begun, framed, and what must follow it to end the stream properly.</summary>
    void EncodeStreamError(GatewayError error, StreamStyle style, IBufferWriter<byte> output);

    /// <summary>
    /// Reads an error body of an upstream that speaks this format. Any bytes are an error of some kind: text, HTML and nothing too.
    /// <c>Retry-After</c> and request ids are added by the caller.
    /// </summary>
    GatewayError DecodeError(int status, ReadOnlyMemory<byte> body);

    /// <summary>A reader that watches a passed-through answer for usage, content, errors and the end. It may fail without harm to the answer.</summary>
    IAnswerTap CreateTap(bool stream);
}

/// <summary>Speaks to clients.</summary>
public interface IChatServerFormat : IWireFormat
{
    /// <summary>Reads a request. A failure names the field path and what would be right.</summary>
    Outcome<ChatRequest> DecodeRequest(WireRequest request);

    /// <summary>
    /// Puts a request that it has read into words that other formats know, where the chat model carries things that only this format means (groups of tools,
    /// markers of its own agents). Called before a request goes to an upstream of another format.
    /// </summary>
    Outcome<ChatRequest> ForOthers(ChatRequest request, TranslationContext context) => request;

    /// <summary>Writes a whole answer.</summary>
    void EncodeResponse(ChatResponse response, TranslationContext context, IBufferWriter<byte> output);

    /// <summary>A writer of a streamed answer. It cannot emit a sequence that the format forbids.</summary>
    IStreamEncoder CreateStreamEncoder(TranslationContext context);
}

/// <summary>Speaks to upstreams.</summary>
public interface IChatClientFormat : IWireFormat
{
    /// <summary>Writes a request body for <see cref="TranslationContext.UpstreamModel"/>; what cannot be said goes to <see cref="TranslationContext.Losses"/>.</summary>
    /// <returns>A failure when the request cannot be served at all by this format (a hosted tool of another vendor, stored state).</returns>
    GatewayError? EncodeRequest(ChatRequest request, TranslationContext context, IBufferWriter<byte> output);

    /// <summary>Whether it has a word for a tool of the request; what it has none for is reported as lost.</summary>
    bool Carries(Tool tool, TranslationContext context) => tool is not HostedTool hosted || hosted.Format == Id;

    /// <summary>Headers that the request body calls for (<c>anthropic-beta</c>), without credentials.</summary>
    IReadOnlyList<KeyValuePair<string, string>> RequestHeaders(ChatRequest request, TranslationContext context) => [];

    /// <summary>Reads a whole answer of status 2xx.</summary>
    Outcome<ChatResponse> DecodeResponse(ReadOnlyMemory<byte> body, TranslationContext context);

    /// <summary>A reader of a streamed answer.</summary>
    IStreamDecoder CreateStreamDecoder(TranslationContext context);
}

/// <summary>A state machine that takes frames and gives events.</summary>
public interface IStreamDecoder
{
    /// <summary>Takes one frame and adds the events that it makes. Malformed data becomes one <see cref="StreamFailed"/>; afterwards everything is ignored.</summary>
    void Decode(in StreamFrame frame, List<StreamEvent> events);

    /// <summary>The upstream closed the stream. Adds what is missing: the proper end, or <see cref="StreamFailed"/> when the answer was cut off.</summary>
    void Complete(List<StreamEvent> events);
}

/// <summary>A state machine that takes events and gives framed bytes.</summary>
public interface IStreamEncoder
{
    /// <summary>Takes one event and writes what it means to the client; often nothing.</summary>
    void Encode(StreamEvent next, IBufferWriter<byte> output);
}

/// <summary>Watches a passed-through answer.</summary>
public interface IAnswerTap
{
    /// <summary>Takes the next frame of a stream, or the whole body as one frame, and tells what it was.</summary>
    AnswerSignal Observe(in StreamFrame frame);

    /// <summary>The usage so far; <see langword="null"/> where none was reported.</summary>
    Usage? Usage { get; }

    /// <summary>The model as the answer names it; <see langword="null"/> where not seen. Prices are looked up by it.</summary>
    string? Model { get; }

    /// <summary>The error that a frame carried, after <see cref="AnswerSignal.Error"/>.</summary>
    GatewayError? Error { get; }

    /// <summary>Characters of text, reasoning and arguments seen so far, for an estimate where a broken stream gives no usage.</summary>
    long OutputCharacters { get; }
}

/// <summary>What a frame was.</summary>
[Flags]
public enum AnswerSignal
{
    /// <summary>Nothing that matters.</summary>
    None = 0,

    /// <summary>
    /// It has content for the user: from here on the answer is committed. An end before any content has this too where it is an answer all the same, by its reason; without
    /// it the answer is empty.
    /// </summary>
    Content = 1,

    /// <summary>It only reports usage; a client that did not ask for it may be spared it.</summary>
    UsageOnly = 2,

    /// <summary>It is an error.</summary>
    Error = 4,

    /// <summary>The answer is complete with it.</summary>
    End = 8,

    /// <summary>It is no JSON: the answer cannot be trusted from here on, and clients could not read it.</summary>
    Malformed = 16,
}

/// <summary>Embeddings for clients.</summary>
public interface IEmbeddingServerFormat : IWireFormat
{
    /// <summary>Reads a request.</summary>
    Outcome<EmbeddingRequest> DecodeRequest(WireRequest request);

    /// <summary>Writes the answer in the encoding that the request asked for.</summary>
    void EncodeResponse(EmbeddingResponse response, EmbeddingRequest request, IBufferWriter<byte> output);

    /// <summary>
    /// Writes an answer that passes through with its vectors in the encoding that was asked for, where the server gave them in another; every other byte stays.
    /// </summary>
    /// <returns>False where the answer is as it should be; then nothing was written.</returns>
    bool Reencode(JsonMembers request, ReadOnlyMemory<byte> answer, IBufferWriter<byte> output) => false;
}

/// <summary>Embeddings from upstreams.</summary>
public interface IEmbeddingClientFormat : IWireFormat
{
    /// <summary>True when a request goes to the endpoint that takes several inputs, where the format has one of its own.</summary>
    bool IsBatch(EmbeddingRequest request) => false;

    /// <summary>The header of an answer that tells the tokens of the input where the body does not; <see langword="null"/> for none.</summary>
    string? InputTokensHeader => null;

    /// <summary>Writes a request body.</summary>
    GatewayError? EncodeRequest(EmbeddingRequest request, string upstreamModel, LossReport losses, IBufferWriter<byte> output);

    /// <summary>Reads the answer.</summary>
    Outcome<EmbeddingResponse> DecodeResponse(ReadOnlyMemory<byte> body, EmbeddingRequest request);
}

/// <summary>Token counting for clients. The request is a chat request in an envelope.</summary>
public interface ICountTokensServerFormat : IWireFormat
{
    /// <summary>Reads what is to be counted.</summary>
    Outcome<ChatRequest> DecodeRequest(WireRequest request);

    /// <summary>Writes the count.</summary>
    void EncodeCount(long inputTokens, IBufferWriter<byte> output);
}

/// <summary>Token counting by upstreams.</summary>
public interface ICountTokensClientFormat : IWireFormat
{
    /// <summary>Writes a request body.</summary>
    GatewayError? EncodeRequest(ChatRequest request, TranslationContext context, IBufferWriter<byte> output);

    /// <summary>Reads the count; <see langword="null"/> when the answer has none.</summary>
    long? DecodeCount(ReadOnlyMemory<byte> body);
}
