using System.Buffers;
using System.Text;
using Sluice.Chat;
using Sluice.Formats.Framing;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIChat;

/// <summary>What the tests of the Chat Completions formats share.</summary>
internal static class ChatTesting
{
    public static TranslationContext Context(WireFormatId client, WireFormatId upstream, string vendor = "openai", string model = "upstream-model", ChatRequest? request = null) => new()
    {
        ClientFormat = client,
        UpstreamFormat = upstream,
        UpstreamModel = model,
        Vendor = vendor,
        Request = request,
        Ids = new SequentialIds(),
        Time = new ManualTime(),
    };

    public static string Text(Action<IBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static WireRequest Request(string body) => new() { Path = "/v1/chat/completions", Body = Utf8(body) };

    /// <summary>Decodes a stream that arrives in the given pieces, and checks that the events are legal.</summary>
    public static List<StreamEvent> Decode(IChatClientFormat format, ReadOnlySpan<byte> sse, TranslationContext context, int pieceLength = int.MaxValue)
    {
        var reader = new SseFrameReader();
        var decoder = format.CreateStreamDecoder(context);
        var events = new List<StreamEvent>();
        while (!sse.IsEmpty)
        {
            int length = Math.Min(pieceLength, sse.Length);
            reader.Append(sse[..length]).ShouldBeTrue();
            sse = sse[length..];
            while (reader.TryRead(out var frame)) decoder.Decode(frame, events);
        }
        if (reader.TryReadLast(out var last)) decoder.Decode(last, events);
        decoder.Complete(events);
        Check(events);
        return events;
    }

    public static void Check(IEnumerable<StreamEvent> events)
    {
        var grammar = new StreamGrammar();
        foreach (var next in events) grammar.Check(next).ShouldBeNull();
        grammar.IsOver.ShouldBeTrue();
    }

    public static ChatResponse Fold(IEnumerable<StreamEvent> events)
    {
        var folder = new StreamFolder();
        foreach (var next in events) folder.Add(next);
        return folder.ToResponse();
    }

    public static string Encode(IChatServerFormat format, IEnumerable<StreamEvent> events, TranslationContext context)
    {
        var encoder = format.CreateStreamEncoder(context);
        return Text(output =>
        {
            foreach (var next in events) encoder.Encode(next, output);
        });
    }

    /// <summary>Says what an answer holds, for comparison: ids and spelling left out.</summary>
    public static string Describe(ChatResponse response)
    {
        var text = new StringBuilder();
        foreach (var candidate in response.Candidates)
        {
            text.Append($"[{candidate.Index}]");
            foreach (var part in candidate.Parts) text.Append('\n').Append(Describe(part));
            text.Append($"\n= {candidate.FinishReason} {candidate.StopSequence}\n");
        }
        var u = response.Usage;
        text.Append($"usage {u?.InputTokens} {u?.OutputTokens} {u?.CacheReadTokens} {u?.ReasoningTokens}");
        return text.ToString();
    }

    private static string Describe(Part part) => part switch
    {
        TextPart p => $"text {p.Text} {string.Join(',', p.Citations.Select(c => c.Url))} {p.Signature}",
        ReasoningPart p => $"reasoning {p.IsSummary} {p.IsRedacted} {p.Text} {p.Signature}",
        RefusalPart p => $"refusal {p.Text}",
        ToolCallPart p => $"call {p.CallId} {p.Name} {p.Arguments} {p.IsCustom} {p.Signature}",
        MediaPart p => $"media {p.Kind} {(p.Source as InlineMedia)?.Base64} {p.Transcript}",
        _ => part.ToString(),
    };
}
