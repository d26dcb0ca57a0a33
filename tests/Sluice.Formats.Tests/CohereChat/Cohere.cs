using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.CohereChat;
using Sluice.Formats.Framing;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.CohereChat;

/// <summary>Short ways to the codec under test.</summary>
internal static class Cohere
{
    public static CohereChatFormat Format { get; } = new();

    public static TranslationContext Context() => new()
    {
        ClientFormat = WireFormatId.OpenAIChat,
        UpstreamFormat = WireFormatId.CohereChat,
        UpstreamModel = "command-a",
        Ids = new SequentialIds(),
        Time = new ManualTime(),
    };

    public static JsonElement Write(ChatRequest request, TranslationContext? context = null)
    {
        var output = new ArrayBufferWriter<byte>();
        Format.EncodeRequest(request, context ?? Context(), output).ShouldBeNull();
        return JsonDocument.Parse(output.WrittenMemory).RootElement;
    }

    public static JsonElement Write(params ChatMessage[] messages) => Write(new ChatRequest { Model = "m", Messages = messages }).GetProperty("messages");

    public static ChatResponse Answer(string json)
    {
        var outcome = Format.DecodeResponse(Encoding.UTF8.GetBytes(json), Context());
        outcome.Error.ShouldBeNull();
        return outcome.Value!;
    }

    /// <summary>The events of a body that arrives in the given pieces; checks the grammar.</summary>
    public static List<StreamEvent> Events(params IEnumerable<byte[]> pieces)
    {
        var decoder = Format.CreateStreamDecoder(Context());
        var reader = new SseFrameReader();
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

    /// <summary>The events of frames of JSON, each with its type as the event's name.</summary>
    public static List<StreamEvent> Events(params string[] frames) => Events([Encoding.UTF8.GetBytes(Body(frames))]);

    public static string Body(params string[] frames) =>
        string.Concat(frames.Select(f => $"event: {JsonDocument.Parse(f).RootElement.GetProperty("type").GetString()}\ndata: {f}\n\n"));

    public static ChatResponse Fold(IEnumerable<StreamEvent> events)
    {
        var folder = new StreamFolder();
        foreach (var next in events) folder.Add(next);
        return folder.ToResponse();
    }
}
