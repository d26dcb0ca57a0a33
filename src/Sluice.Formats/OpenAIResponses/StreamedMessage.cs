using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>A message item: each of its content parts becomes a part.</summary>
internal sealed class StreamedMessage(int outputIndex, TranslationContext context) : StreamedItem(outputIndex, context)
{
    private static readonly HashSet<string> Around = ["id", "content"];

    private readonly List<StreamedContent> _contents = [];
    private JsonElement? _added;

    public override void Open(JsonElement item, List<StreamEvent> events) => _added = item.ValueKind == JsonValueKind.Object ? item.Clone() : null;

    public override void StartContent(JsonElement root, List<StreamEvent> events)
    {
        if (IsEnded) return;
        var part = root.Object("part"u8) ?? throw new WireFormatException("part", "is missing; an object is required");
        Content(root, part.Text("type"u8) ?? "output_text", events);
    }

    public override void AddText(JsonElement root, List<StreamEvent> events)
    {
        if (IsEnded) return;
        var content = Content(root, "output_text", events);
        if (content.IsEnded || content.Kind != typeof(TextPart)) return;
        if (root.String("delta"u8) is { Length: > 0 } text)
        {
            content.Streamed += text.Length;
            events.Add(new PartDelta(0, content.Index, new TextDelta(text)));
        }
        if (root.TryGetProperty("logprobs"u8, out var list) && ResponsesResponseReader.ReadLogprobs(list) is { } tokens)
        {
            content.HasLogprobs = true;
            events.Add(new PartDelta(0, content.Index, new LogprobsDelta(tokens)));
        }
    }

    public override void AddRefusal(JsonElement root, List<StreamEvent> events)
    {
        if (IsEnded) return;
        var content = Content(root, "refusal", events);
        if (content.IsEnded || !content.IsRefusal || root.String("delta"u8) is not { Length: > 0 } text) return;
        content.Streamed += text.Length;
        events.Add(new PartDelta(0, content.Index, new RefusalDelta(text)));
    }

    public override void AddAnnotation(JsonElement root, List<StreamEvent> events)
    {
        if (IsEnded || root.Object("annotation"u8) is not { } annotation) return;
        var content = Content(root, "output_text", events);
        if (content.IsEnded || content.Kind != typeof(TextPart)) return;
        content.Citations++;
        events.Add(new PartDelta(0, content.Index, new CitationDelta(ResponsesContentReader.ReadAnnotation(annotation))));
    }

    public override void EndContent(JsonElement root, List<StreamEvent> events)
    {
        if (IsEnded || root.Object("part"u8) is not { } part) return;
        Content(root, part.Text("type"u8) ?? "output_text", events).Final = Read(part);
    }

    protected override bool IsOwn(JsonElement item) => item.Text("type"u8) is null or "message";

    protected override void Close(List<StreamEvent> events)
    {
        if (Ended.Count == 0)
        {
            foreach (var content in _contents)
            {
                EndContent(content, content.Final, events);
                if (content.IsRefusal) Ended.Add(new RefusalPart(""));
            }
            return;
        }
        if (Ended is [RawPart empty])
        {
            // A message without content is kept as it stands.
            if (_contents.Count == 0)
            {
                events.Add(new PartStarted(0, Index(), empty));
                events.Add(new PartEnded(0, Index()) { Final = empty });
                return;
            }
        }
        for (int i = 0; i < Ended.Count; i++)
        {
            if (i >= MaxContents) throw new WireFormatException("content", "is too long a list");
            var content = _contents.Find(c => c.Index == Index(i)) ?? OpenContent(i, Ended[i], events);
            EndContent(content, Ended[i], events);
        }
        foreach (var content in _contents) EndContent(content, content.Final, events);
    }

    private StreamedContent Content(JsonElement root, string contentType, List<StreamEvent> events)
    {
        int at = root.Int32("content_index"u8) ?? 0;
        if (at is < 0 or >= MaxContents) throw new WireFormatException("content_index", "is out of range");
        var known = _contents.Find(c => c.Index == Index(at));
        if (known is not null) return known;
        Part part = contentType switch
        {
            "refusal" => new RefusalPart("") { Notes = ResponsesNotes.Empty },
            "output_text" or "text" or "input_text" => new TextPart("") { Notes = ResponsesNotes.Empty },
            _ => new RawPart(WireFormatId.OpenAIResponses, contentType, root.Raw("part"u8) is { IsAbsent: false } raw ? raw : new RawJson("{}"u8.ToArray())),
        };
        return OpenContent(at, part, events);
    }

    private StreamedContent OpenContent(int at, Part part, List<StreamEvent> events)
    {
        // Formats that show one part at a time need the part before this one to be over.
        foreach (var earlier in _contents)
        {
            if (earlier.Final is not null) EndContent(earlier, earlier.Final, events);
        }
        Part start = part switch
        {
            TextPart text => text with { Text = "", Citations = [], Id = IdOf(part) },
            RefusalPart refusal => refusal with { Text = "", Id = IdOf(part) },
            _ => part with { Id = IdOf(part) },
        };
        if (_contents.Count == 0 && _added is { } added)
        {
            start = ResponsesMessageReader.WithItem(start, ResponsesNotes.Read(added, Around, "message", static (_, _) => true).ToJson());
        }
        var content = new StreamedContent(Index(at), part.GetType());
        _contents.Add(content);
        events.Add(new PartStarted(0, content.Index, start));
        return content;
    }

    private string? IdOf(Part part) => part.Id ?? _added?.Text("id"u8);

    private static void EndContent(StreamedContent content, Part? final, List<StreamEvent> events)
    {
        if (content.IsEnded) return;
        content.IsEnded = true;
        if (final?.GetType() != content.Kind) final = null; // it ends as another kind of thing than it began
        if (final is TextPart text)
        {
            if (text.Text.Length > content.Streamed) events.Add(new PartDelta(0, content.Index, new TextDelta(text.Text[content.Streamed..])));
            for (int i = content.Citations; i < text.Citations.Count; i++) events.Add(new PartDelta(0, content.Index, new CitationDelta(text.Citations[i])));
            if (!content.HasLogprobs && Logprobs(text) is { } tokens) events.Add(new PartDelta(0, content.Index, new LogprobsDelta(tokens)));
        }
        else if (final is RefusalPart refusal && refusal.Text.Length > content.Streamed)
        {
            events.Add(new PartDelta(0, content.Index, new RefusalDelta(refusal.Text[content.Streamed..])));
        }
        events.Add(new PartEnded(0, content.Index) { Final = final });
    }

    private static IReadOnlyList<TokenLogprob>? Logprobs(TextPart text)
    {
        var kept = ResponsesNotes.Silent(text.Notes, "logprobs");
        return kept.Utf8.Length > 2 ? ResponsesResponseReader.ReadLogprobs(kept.ToElement()) : null;
    }

    private Part Read(JsonElement part) => ResponsesContentReader.Read(part, Role.Assistant, "part") with { Id = _added?.Text("id"u8) };

    private sealed class StreamedContent(int index, Type kind)
    {
        public int Index { get; } = index;

        public Type Kind { get; } = kind;

        public bool IsRefusal => Kind == typeof(RefusalPart);

        public int Streamed { get; set; }

        public int Citations { get; set; }

        public bool HasLogprobs { get; set; }

        public Part? Final { get; set; }

        public bool IsEnded { get; set; }
    }
}
