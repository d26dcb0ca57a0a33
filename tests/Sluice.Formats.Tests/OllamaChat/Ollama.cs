using System.Buffers;
using System.Text;
using Sluice.Chat;
using Sluice.Formats.Framing;
using Sluice.Formats.OllamaChat;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OllamaChat;

/// <summary>Short ways to the codec under test.</summary>
internal static class Ollama
{
    public static OllamaChatFormat Format { get; } = new();

    public static TranslationContext Context(WireFormatId? client = null, ChatRequest? request = null, TimeProvider? time = null) => new()
    {
        ClientFormat = client ?? WireFormatId.OpenAIChat,
        UpstreamFormat = WireFormatId.OllamaChat,
        UpstreamModel = "qwen3",
        Ids = new SequentialIds(),
        Time = time ?? new ManualTime(),
        Request = request,
    };

    public static ChatRequest Request(string json)
    {
        var outcome = Format.DecodeRequest(new WireRequest { Body = Encoding.UTF8.GetBytes(json) });
        outcome.Error.ShouldBeNull();
        return outcome.Value!;
    }

    public static string Write(ChatRequest request, TranslationContext context)
    {
        var output = new ArrayBufferWriter<byte>();
        Format.EncodeRequest(request, context, output).ShouldBeNull();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static ChatResponse Answer(string json, TranslationContext? context = null)
    {
        var outcome = Format.DecodeResponse(Encoding.UTF8.GetBytes(json), context ?? Context());
        outcome.Error.ShouldBeNull();
        return outcome.Value!;
    }

    public static string Write(ChatResponse response, TranslationContext context)
    {
        var output = new ArrayBufferWriter<byte>();
        Format.EncodeResponse(response, context, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The events of a body that arrives in the given pieces; checks the grammar.</summary>
    public static List<StreamEvent> Events(params IEnumerable<byte[]> pieces)
    {
        var decoder = Format.CreateStreamDecoder(Context());
        var reader = new NdJsonFrameReader();
        var events = new List<StreamEvent>();
        foreach (byte[] piece in pieces)
        {
            reader.Append(piece).ShouldBeTrue();
            while (reader.TryRead(out var frame)) decoder.Decode(frame, events);
        }
        if (reader.TryReadLast(out var last)) decoder.Decode(last, events);
        decoder.Complete(events);
        var grammar = new StreamGrammar();
        foreach (var next in events) grammar.Check(next).ShouldBeNull();
        grammar.IsOver.ShouldBeTrue();
        return events;
    }

    public static List<StreamEvent> Events(string body) => Events([Encoding.UTF8.GetBytes(body)]);

    /// <summary>The lines that a client gets for events.</summary>
    public static string[] Lines(IEnumerable<StreamEvent> events, TranslationContext context)
    {
        var encoder = Format.CreateStreamEncoder(context);
        var output = new ArrayBufferWriter<byte>();
        foreach (var next in events) encoder.Encode(next, output);
        return Encoding.UTF8.GetString(output.WrittenSpan).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public static ChatResponse Fold(IEnumerable<StreamEvent> events)
    {
        var folder = new StreamFolder();
        foreach (var next in events) folder.Add(next);
        return folder.ToResponse();
    }
}
