using System.Buffers;
using System.Globalization;
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

/// <summary>
/// Spoiled recordings into every decoder, and what still decodes out through every encoder: never an exception, always an error that says something,
/// always JSON. <c>SLUICE_FUZZ_ROUNDS</c> sets how often each recording is spoiled; a fault names its seed.
/// </summary>
public sealed class DecoderFuzzTests
{
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("SLUICE_FUZZ_ROUNDS"), CultureInfo.InvariantCulture, out int rounds) ? rounds : 4;

    public static TheoryData<string> Formats { get; } =
        ["openai-chat", "openai-responses", "openai-embeddings", "anthropic-messages", "anthropic-count-tokens", "gemini-generate", "gemini-count-tokens", "mistral-chat", "cohere-chat", "cohere-embed", "bedrock-converse"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decode_OfSpoiledRequests_IsAValueOrAnErrorAndEncodes(string name) => Spoil(name, e => e.RequestBody, static (format, path, body) =>
    {
        var request = new WireRequest { Body = body, Path = path, PathModel = format.ModelInBody ? null : "m" };
        if (JsonMembers.Scan(body, out _) is { } members) format.ReadHead(request, members);
        if (format is IChatServerFormat chat)
        {
            var outcome = chat.DecodeRequest(request);
            if (outcome.IsSuccess) EncodeEverywhere(outcome.Value);
            else Judge(outcome.Error);
        }
        if (format is IEmbeddingServerFormat embedding && !embedding.DecodeRequest(request).IsSuccess) Judge(embedding.DecodeRequest(request).Error!);
        if (format is ICountTokensServerFormat count && !count.DecodeRequest(request).IsSuccess) Judge(count.DecodeRequest(request).Error!);
    });

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decode_OfSpoiledAnswers_IsAValueOrAnErrorAndEncodes(string name) => Spoil(name, e => e.ResponseBody, static (format, _, body) =>
    {
        var told = format.DecodeError(500, body);
        Judge(told);
        foreach (var other in WireFormats.All)
        {
            var output = new ArrayBufferWriter<byte>();
            other.EncodeError(told, output);
            JsonDocument.Parse(output.WrittenMemory, Deep).Dispose();
            other.EncodeStreamError(told, StreamStyle.Default, output);
        }
        format.CreateTap(stream: false).Observe(StreamFrame.OfData(body));
        if (format is IChatClientFormat chat)
        {
            var outcome = chat.DecodeResponse(body, Context(format.Id, format.Id));
            if (outcome.IsSuccess) EncodeEverywhere(outcome.Value);
            else Judge(outcome.Error);
        }
        if (format is IEmbeddingClientFormat embedding) embedding.DecodeResponse(body, new EmbeddingRequest { Model = "m", Inputs = [] });
        if (format is ICountTokensClientFormat count) count.DecodeCount(body);
    });

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decode_OfSpoiledStreams_IsALegalStreamToItsEnd(string name) => Spoil(name, e => e.Sse, static (format, _, body) =>
    {
        if (format is not IChatClientFormat chat) return;
        var events = new List<StreamEvent>();
        var decoder = chat.CreateStreamDecoder(Context(format.Id, format.Id));
        var tap = format.CreateTap(stream: true);
        var reader = FrameReaders.Create(format.Framing);
        reader.Append(body).ShouldBeTrue();
        while (reader.TryRead(out var frame) || reader.TryReadLast(out frame))
        {
            tap.Observe(frame);
            decoder.Decode(frame, events);
        }
        decoder.Complete(events);
        var grammar = new StreamGrammar();
        foreach (var next in events) grammar.Check(next).ShouldBeNull();
        grammar.IsOver.ShouldBeTrue();
        EncodeEverywhere(events);
    });

    private static void Spoil(string name, Func<Exchange, string?> part, Action<IWireFormat, string, byte[]> check)
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recordings are not beside this checkout");
        var format = WireFormats.Find(new WireFormatId(name));
        Assert.SkipUnless(format is not null, $"{name} is not spoken");
        int number = 0;
        foreach (var exchange in Corpus.Of(name))
        {
            if (part(exchange) is not { } text) continue;
            byte[] body = Encoding.UTF8.GetBytes(text);
            // Very long bodies (pictures, vectors) take their time and teach no more.
            if (body.Length > 100_000) continue;
            for (int round = 0; round < Rounds; round++)
            {
                int seed = (number++ * 7919) + round;
                byte[] spoiled = new Mutations(seed).Spoil(body);
                try
                {
                    check(format, exchange.Path.Split('?')[0], spoiled);
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"{exchange.Id} with seed {seed}: {Encoding.UTF8.GetString(spoiled.AsSpan(0, Math.Min(spoiled.Length, 4000)))}", e);
                }
            }
        }
    }

    private static void EncodeEverywhere(ChatRequest request)
    {
        foreach (var format in WireFormats.All.OfType<IChatClientFormat>())
        {
            var output = new ArrayBufferWriter<byte>();
            var error = format.EncodeRequest(request, Context(WireFormatId.OpenAIChat, format.Id), output);
            if (error is not null) Judge(error);
            else JsonDocument.Parse(output.WrittenMemory, Deep).Dispose();
        }
    }

    private static void EncodeEverywhere(ChatResponse response)
    {
        foreach (var format in WireFormats.All.OfType<IChatServerFormat>())
        {
            var output = new ArrayBufferWriter<byte>();
            format.EncodeResponse(response, Context(format.Id, WireFormatId.OpenAIChat), output);
            JsonDocument.Parse(output.WrittenMemory, Deep).Dispose();
        }
    }

    private static void EncodeEverywhere(List<StreamEvent> events)
    {
        foreach (var format in WireFormats.All.OfType<IChatServerFormat>())
        {
            var output = new ArrayBufferWriter<byte>();
            var encoder = format.CreateStreamEncoder(Context(format.Id, WireFormatId.OpenAIChat));
            foreach (var next in events) encoder.Encode(next, output);
            var reader = FrameReaders.Create(format.Framing);
            reader.Append(output.WrittenSpan).ShouldBeTrue();
            while (reader.TryRead(out var frame) || reader.TryReadLast(out frame))
            {
                if (!frame.Data.Span.SequenceEqual("[DONE]"u8)) JsonDocument.Parse(frame.Data, Deep).Dispose();
            }
        }
    }

    private static JsonDocumentOptions Deep { get; } = new() { MaxDepth = 256 };

    private static void Judge(GatewayError error) => error.Message.ShouldNotBeNullOrWhiteSpace();

    private static TranslationContext Context(WireFormatId client, WireFormatId upstream) => new()
    {
        ClientFormat = client,
        UpstreamFormat = upstream,
        UpstreamModel = "m",
        Ids = new SequentialIds(),
        Time = new ManualTime(),
        Request = new ChatRequest { Model = "m", Messages = [] },
    };
}
