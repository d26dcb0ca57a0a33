using System.Buffers;
using System.Text;
using Sluice.Chat;
using Sluice.Formats.Framing;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.AnthropicMessages;

/// <summary>Short ways to the format under test.</summary>
internal static class AnthropicKit
{
    public static IChatServerFormat Server { get; } = WireFormats.Find<IChatServerFormat>(WireFormatId.AnthropicMessages)!;

    public static IChatClientFormat Client { get; } = WireFormats.Find<IChatClientFormat>(WireFormatId.AnthropicMessages)!;

    public static TranslationContext Context(string model = "claude-sonnet-4-5", ChatRequest? request = null) => new()
    {
        ClientFormat = WireFormatId.AnthropicMessages,
        UpstreamFormat = WireFormatId.AnthropicMessages,
        UpstreamModel = model,
        Request = request,
        Ids = new SequentialIds(),
        Time = new ManualTime(),
    };

    public static WireRequest Wire(string body, params (string Name, string Value)[] headers) => new()
    {
        Path = "/v1/messages",
        Body = Encoding.UTF8.GetBytes(body),
        Headers = headers.ToDictionary(h => h.Name, h => h.Value, StringComparer.OrdinalIgnoreCase),
    };

    public static ChatRequest Read(string body)
    {
        var outcome = Server.DecodeRequest(Wire(body));
        outcome.Error.ShouldBeNull();
        return outcome.Value!;
    }

    public static string Write(ChatRequest request, TranslationContext context)
    {
        var output = new ArrayBufferWriter<byte>();
        Client.EncodeRequest(request, context, output).ShouldBeNull();
        return Text(output);
    }

    public static ChatResponse ReadAnswer(string body, TranslationContext? context = null)
    {
        var outcome = Client.DecodeResponse(Encoding.UTF8.GetBytes(body), context ?? Context());
        outcome.Error.ShouldBeNull();
        return outcome.Value!;
    }

    public static string WriteAnswer(ChatResponse response, TranslationContext? context = null)
    {
        var output = new ArrayBufferWriter<byte>();
        Server.EncodeResponse(response, context ?? Context(), output);
        return Text(output);
    }

    public static List<StreamEvent> ReadStream(string sse, TranslationContext? context = null) => ReadStream([Encoding.UTF8.GetBytes(sse)], context);

    /// <summary>Reads a stream that arrives in the given pieces and checks the grammar on the way.</summary>
    public static List<StreamEvent> ReadStream(IEnumerable<byte[]> pieces, TranslationContext? context = null)
    {
        var decoder = Client.CreateStreamDecoder(context ?? Context());
        var reader = new SseFrameReader();
        var events = new List<StreamEvent>();
        foreach (byte[] piece in pieces)
        {
            reader.Append(piece).ShouldBeTrue();
            while (reader.TryRead(out var frame)) decoder.Decode(frame, events);
        }
        while (reader.TryReadLast(out var frame)) decoder.Decode(frame, events);
        decoder.Complete(events);
        var grammar = new StreamGrammar();
        foreach (var e in events) grammar.Check(e).ShouldBeNull();
        grammar.IsOver.ShouldBeTrue();
        return events;
    }

    public static string WriteStream(IEnumerable<StreamEvent> events, TranslationContext? context = null)
    {
        var encoder = Server.CreateStreamEncoder(context ?? Context());
        var output = new ArrayBufferWriter<byte>();
        foreach (var e in events) encoder.Encode(e, output);
        return Text(output);
    }

    public static StreamFolder Fold(IEnumerable<StreamEvent> events)
    {
        var folder = new StreamFolder();
        foreach (var e in events) folder.Add(e);
        return folder;
    }

    private static string Text(ArrayBufferWriter<byte> output) => Encoding.UTF8.GetString(output.WrittenSpan);
}
