using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Embeddings;
using Sluice.Errors;
using Sluice.Formats.Framing;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Fuzz;

/// <summary>Everything that reads foreign bytes. What could be read is written again by another format: odd values must not break writers either.</summary>
internal static class Targets
{
    private const int MaxFrame = 64 * 1024;

    private static readonly IChatClientFormat[] ChatClients = [.. WireFormats.All.OfType<IChatClientFormat>()];

    private static readonly IChatServerFormat[] ChatServers = [.. WireFormats.All.OfType<IChatServerFormat>()];

    /// <summary>Gives the bytes to every role of a format. Returns what went wrong, or <see langword="null"/>.</summary>
    public static string? Feed(IWireFormat format, byte[] input, Random random)
    {
        var body = new ReadOnlyMemory<byte>(input);
        var client = ChatClients[random.Next(ChatClients.Length)];
        var server = ChatServers[random.Next(ChatServers.Length)];
        var context = Context(format.Id, client.Id);
        var request = new WireRequest { Path = format.ModelInBody ? "/v1/x" : "/v1beta/models/m:generateContent", PathModel = format.ModelInBody ? null : "m", Body = body };
        if (JsonMembers.Scan(body, out var fault) is { } members) format.ReadHead(request, members);
        else if (string.IsNullOrWhiteSpace(fault?.Message)) return "a fault without words";
        var told = format.DecodeError(500, body);
        if (Clear(told) is { } unclear) return unclear;
        Json(server, output => server.EncodeError(told, output));
        Json(format, output => format.EncodeError(told, output));
        ChatRequest? chat = null;
        if (format is IChatServerFormat chatServer && Opened(chatServer.DecodeRequest(request), out chat) is { } badRequest) return badRequest;
        if (format is ICountTokensServerFormat counter && Opened(counter.DecodeRequest(request), out chat) is { } badCount) return badCount;
        if (chat is not null)
        {
            GatewayError? refused = null;
            Json(client, output => refused = client.EncodeRequest(chat, context, output), () => refused is not null);
            client.RequestHeaders(chat, context);
        }
        if (format is ICountTokensClientFormat countClient) countClient.DecodeCount(body);
        if (format is IEmbeddingServerFormat embeddings && Opened(embeddings.DecodeRequest(request), out EmbeddingRequest? vectors) is { } badEmbedding) return badEmbedding;
        if (format is IEmbeddingClientFormat embedder && Embed(embedder, body) is { } badVectors) return badVectors;
        if (format is IChatClientFormat upstream && Answer(upstream, server, input, random) is { } badAnswer) return badAnswer;
        format.CreateTap(stream: false).Observe(StreamFrame.OfData(body));
        return null;
    }

    private static string? Answer(IChatClientFormat upstream, IChatServerFormat server, byte[] input, Random random)
    {
        var context = Context(server.Id, upstream.Id);
        if (Opened(upstream.DecodeResponse(input, context), out ChatResponse? response) is { } fault) return fault;
        if (response is not null) Json(server, output => server.EncodeResponse(response, context, output));
        return Stream(upstream, server, input, random);
    }

    private static string? Stream(IChatClientFormat upstream, IChatServerFormat server, byte[] input, Random random)
    {
        var context = Context(server.Id, upstream.Id);
        var decoder = upstream.CreateStreamDecoder(context);
        var encoder = server.CreateStreamEncoder(context);
        var tap = upstream.CreateTap(stream: true);
        var reader = FrameReaders.Create(upstream.Framing, MaxFrame);
        var events = new List<StreamEvent>();
        int at = 0;
        while (at < input.Length)
        {
            int length = Math.Min(input.Length - at, random.Next(1, 4000));
            if (!reader.Append(input.AsSpan(at, length))) break;
            at += length;
            while (reader.TryRead(out var frame)) Take(frame);
        }
        if (at == input.Length && reader.TryReadLast(out var last)) Take(last);
        decoder.Complete(events);
        decoder.Complete(events);
        var grammar = new StreamGrammar();
        var folder = new StreamFolder();
        var output = new ArrayBufferWriter<byte>();
        foreach (var next in events)
        {
            if (grammar.Check(next) is { } fault) return $"illegal events: {fault}";
            folder.Add(next);
            encoder.Encode(next, output);
        }
        if (!grammar.IsOver) return "the events have no end";
        folder.ToResponse();
        return folder.Error is { } error ? Clear(error) : null;

        void Take(in StreamFrame frame)
        {
            tap.Observe(frame);
            decoder.Decode(frame, events);
        }
    }

    private static string? Embed(IEmbeddingClientFormat format, ReadOnlyMemory<byte> body)
    {
        var request = new EmbeddingRequest { Model = "m", Inputs = [new EmbeddingInput { Text = "a" }] };
        if (Opened(format.DecodeResponse(body, request), out EmbeddingResponse? response) is { } fault) return fault;
        if (response is not null) WireFormats.Find<IEmbeddingServerFormat>(WireFormatId.OpenAIEmbeddings)!.EncodeResponse(response, request, new ArrayBufferWriter<byte>());
        return null;
    }

    // Throws where what was written is no JSON.
    private static void Json(IWireFormat writer, Action<IBufferWriter<byte>> write, Func<bool>? refused = null)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        if (refused?.Invoke() == true) return;
        try
        {
            JsonDocument.Parse(output.WrittenMemory, new JsonDocumentOptions { MaxDepth = 256 }).Dispose();
        }
        catch (JsonException e)
        {
            int at = (int)Math.Max(0, (e.BytePositionInLine ?? 0) - 200);
            throw new InvalidOperationException($"{writer.Id} wrote no JSON: {Encoding.UTF8.GetString(output.WrittenSpan[at..Math.Min(output.WrittenCount, at + 300)])}", e);
        }
    }

    private static string? Opened<T>(Outcome<T> outcome, out T? value)
        where T : class
    {
        value = outcome.Value;
        return outcome.Error is { } error ? Clear(error) : value is null ? "neither a value nor an error" : null;
    }

    private static string? Clear(GatewayError error) => string.IsNullOrEmpty(error.Message) || string.IsNullOrEmpty(error.Kind.Value) ? "an error without words" : null;

    private static TranslationContext Context(WireFormatId client, WireFormatId upstream) => new()
    {
        ClientFormat = client,
        UpstreamFormat = upstream,
        UpstreamModel = "m",
        Ids = new SequentialIds(),
        Time = new ManualTime(),
        Request = new ChatRequest { Model = "m", Messages = [], Stream = true, IncludeUsage = true },
    };
}
