using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Framing;
using Sluice.Formats.OpenAIResponses;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIResponses;

/// <summary>Short ways to the codec under test.</summary>
internal static class Responses
{
    public static OpenAIResponsesFormat Format { get; } = new();

    /// <summary>A context; both ends speak this format unless told otherwise.</summary>
    public static TranslationContext Context(WireFormatId? client = null, WireFormatId? upstream = null, ChatRequest? request = null, string? model = null) => new()
    {
        ClientFormat = client ?? WireFormatId.OpenAIResponses,
        UpstreamFormat = upstream ?? WireFormatId.OpenAIResponses,
        UpstreamModel = model ?? request?.Model ?? "gpt-5.4",
        Ids = new SequentialIds(),
        Time = new ManualTime(),
        Request = request,
    };

    public static ChatRequest Request(string json)
    {
        var outcome = Format.DecodeRequest(new WireRequest { Body = Encoding.UTF8.GetBytes(json) });
        outcome.Error.ShouldBeNull();
        return outcome.Value!;
    }

    public static string Write(ChatRequest request, TranslationContext? context = null)
    {
        var output = new ArrayBufferWriter<byte>();
        Format.EncodeRequest(request, context ?? Context(request: request), output).ShouldBeNull();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static ChatResponse Answer(string json, TranslationContext? context = null)
    {
        var outcome = Format.DecodeResponse(Encoding.UTF8.GetBytes(json), context ?? Context());
        outcome.Error.ShouldBeNull();
        return outcome.Value!;
    }

    public static string Write(ChatResponse response, TranslationContext? context = null)
    {
        var output = new ArrayBufferWriter<byte>();
        Format.EncodeResponse(response, context ?? Context(), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The events of a body that arrives in the given pieces; checks the grammar.</summary>
    public static List<StreamEvent> Events(IEnumerable<ReadOnlyMemory<byte>> pieces, TranslationContext? context = null)
    {
        var decoder = Format.CreateStreamDecoder(context ?? Context());
        var reader = new SseFrameReader();
        var events = new List<StreamEvent>();
        foreach (var piece in pieces)
        {
            reader.Append(piece.Span).ShouldBeTrue();
            while (reader.TryRead(out var frame)) decoder.Decode(frame, events);
        }
        if (reader.TryReadLast(out var last)) decoder.Decode(last, events);
        decoder.Complete(events);
        var grammar = new StreamGrammar();
        foreach (var next in events) grammar.Check(next).ShouldBeNull();
        grammar.IsOver.ShouldBeTrue();
        return events;
    }

    public static List<StreamEvent> Events(string sse, TranslationContext? context = null) => Events([Encoding.UTF8.GetBytes(sse)], context);

    /// <summary>The stream that a client gets for events.</summary>
    public static string Stream(IEnumerable<StreamEvent> events, TranslationContext? context = null)
    {
        var encoder = Format.CreateStreamEncoder(context ?? Context());
        var output = new ArrayBufferWriter<byte>();
        foreach (var next in events) encoder.Encode(next, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The data of the events of a stream.</summary>
    public static List<JsonElement> Data(string sse) =>
        [.. sse.Split('\n').Where(l => l.StartsWith("data: {", StringComparison.Ordinal)).Select(l => JsonDocument.Parse(l[6..]).RootElement)];

    public static ChatResponse Fold(IEnumerable<StreamEvent> events)
    {
        var folder = new StreamFolder();
        foreach (var next in events) folder.Add(next);
        return folder.ToResponse();
    }

    /// <summary>The response object of the last event of a recorded stream.</summary>
    public static JsonElement? LastResponse(string sse) => Data(sse).LastOrDefault() is { ValueKind: JsonValueKind.Object } last && last.TryGetProperty("response", out var response) ? response : null;
}
