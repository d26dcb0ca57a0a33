using System.Buffers;
using System.Text;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Framing;
using Sluice.Formats.Gemini;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Gemini;

/// <summary>What the tests of this format share.</summary>
internal static class GeminiTesting
{
    public static GeminiGenerateFormat Format { get; } = new();

    public static TranslationContext Context(string model = "gemini-2.5-flash", WireFormatId? client = null, StreamStyle style = StreamStyle.Default, string vendor = "gemini", ChatRequest? request = null) => new()
    {
        ClientFormat = client ?? WireFormatId.GeminiGenerate,
        UpstreamFormat = WireFormatId.GeminiGenerate,
        UpstreamModel = model,
        Vendor = vendor,
        Request = request,
        StreamStyle = style,
        Ids = new SequentialIds(),
        Time = new ManualTime(),
    };

    /// <summary>The context of a client of OpenAI chat in front of Gemini.</summary>
    public static TranslationContext Foreign(string model = "gemini-2.5-flash", string vendor = "gemini", ChatRequest? request = null) => Context(model, WireFormatId.OpenAIChat, vendor: vendor, request: request);

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static ChatRequest Decode(string body, string model = "gemini-2.5-flash", string method = "generateContent")
    {
        var read = Format.DecodeRequest(new WireRequest { Path = $"/v1beta/models/{model}:{method}", PathModel = model, Body = Bytes(body) });
        read.Error.ShouldBeNull();
        return read.Value!;
    }

    public static GatewayError DecodeFault(string body)
    {
        var read = Format.DecodeRequest(new WireRequest { Path = "/v1beta/models/m:generateContent", PathModel = "m", Body = Bytes(body) });
        return read.Error.ShouldNotBeNull();
    }

    public static string Encode(ChatRequest request, TranslationContext context)
    {
        var output = new ArrayBufferWriter<byte>();
        Format.EncodeRequest(request, context, output).ShouldBeNull();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static ChatResponse DecodeAnswer(string body, TranslationContext? context = null)
    {
        var read = Format.DecodeResponse(Bytes(body), context ?? Context());
        read.Error.ShouldBeNull();
        return read.Value!;
    }

    public static string EncodeAnswer(ChatResponse response, TranslationContext? context = null)
    {
        var output = new ArrayBufferWriter<byte>();
        Format.EncodeResponse(response, context ?? Context(), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The events of a stream whose bytes arrive in two pieces, checked against the grammar.</summary>
    public static List<StreamEvent> DecodeStream(string sse, int split = 0, TranslationContext? context = null)
    {
        var reader = FrameReaders.Create(StreamFraming.ServerSentEvents);
        var decoder = Format.CreateStreamDecoder(context ?? Context());
        var events = new List<StreamEvent>();
        byte[] bytes = Encoding.UTF8.GetBytes(sse);
        reader.Append(bytes.AsSpan(0, split));
        while (reader.TryRead(out var frame)) decoder.Decode(frame, events);
        reader.Append(bytes.AsSpan(split));
        while (reader.TryRead(out var frame)) decoder.Decode(frame, events);
        if (reader.TryReadLast(out var last)) decoder.Decode(last, events);
        decoder.Complete(events);
        Check(events);
        return events;
    }

    /// <summary>The events of chunks.</summary>
    public static List<StreamEvent> DecodeChunks(params string[] chunks) => DecodeStream(string.Concat(chunks.Select(c => $"data: {c}\r\n\r\n")));

    public static void Check(IEnumerable<StreamEvent> events)
    {
        var grammar = new StreamGrammar();
        foreach (var next in events) grammar.Check(next).ShouldBeNull();
        grammar.IsOver.ShouldBeTrue();
    }

    public static StreamFolder Fold(IEnumerable<StreamEvent> events)
    {
        var folder = new StreamFolder();
        foreach (var next in events) folder.Add(next);
        return folder;
    }

    public static string EncodeStream(IEnumerable<StreamEvent> events, TranslationContext? context = null)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = Format.CreateStreamEncoder(context ?? Context());
        foreach (var next in events) encoder.Encode(next, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
