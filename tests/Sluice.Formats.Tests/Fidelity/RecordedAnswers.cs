using System.Text;
using Sluice.Chat;
using Sluice.Formats.Framing;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Fidelity;

/// <summary>The recorded answers, read by the codecs of their own formats.</summary>
internal static class RecordedAnswers
{
    /// <summary>The formats that the recordings have answers of.</summary>
    public static IReadOnlyList<IChatClientFormat> Formats { get; } = [.. WireFormats.All.OfType<IChatClientFormat>().Where(f => Corpus.Of(f.Id.Value).Count > 0)];

    public static IEnumerable<(string Id, IChatClientFormat Format, ChatResponse Answer)> Whole()
    {
        foreach (var format in Formats)
        {
            foreach (var exchange in Corpus.Of(format.Id.Value).Where(e => e is { Status: < 300, ResponseBody: not null }))
            {
                if (Read(format, exchange) is { } answer) yield return (exchange.Id, format, answer);
            }
        }
    }

    public static IEnumerable<(string Id, IChatClientFormat Format, List<StreamEvent> Events)> Streamed()
    {
        foreach (var format in Formats)
        {
            foreach (var exchange in Corpus.Of(format.Id.Value).Where(e => e is { Status: < 300 } && (e.Sse ?? (object?)e.EventStream) is not null)) yield return (exchange.Id, format, Events(format, exchange));
        }
    }

    /// <summary>The answer; <see langword="null"/> for a recording that is none (a test server, an answer that is still being made).</summary>
    public static ChatResponse? Read(IChatClientFormat format, Exchange exchange) =>
        format.DecodeResponse(Encoding.UTF8.GetBytes(exchange.ResponseBody!), Context(new WireFormatId("another-format"), format.Id)).Value;

    public static List<StreamEvent> Events(IChatClientFormat format, Exchange exchange)
    {
        var decoder = format.CreateStreamDecoder(Context(new WireFormatId("another-format"), format.Id));
        var reader = FrameReaders.Create(format.Framing);
        var events = new List<StreamEvent>();
        reader.Append(exchange.EventStream ?? Encoding.UTF8.GetBytes(exchange.Sse!));
        while (reader.TryRead(out var frame)) decoder.Decode(frame, events);
        while (reader.TryReadLast(out var frame)) decoder.Decode(frame, events);
        decoder.Complete(events);
        return events;
    }

    public static TranslationContext Context(WireFormatId client, WireFormatId upstream, ChatRequest? request = null, string model = "upstream-model") => new()
    {
        ClientFormat = client,
        UpstreamFormat = upstream,
        UpstreamModel = model,
        Request = request ?? new ChatRequest { Model = "model-x", Messages = [], Stream = true, IncludeUsage = true },
        Ids = new SequentialIds(),
        Time = new ManualTime(),
    };
}
