using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>One output item while it is streamed, and the part or parts that it becomes.</summary>
internal sealed class StreamedItem(int outputIndex, string type, TranslationContext context)
{
    // Parts are numbered so that they sort as the whole answer has them, whatever the order in which their events come.
    private const int MaxContents = 1 << 10;

    private readonly List<StreamedContent> _contents = [];
    private readonly List<int> _paragraphs = [];
    private JsonElement? _added;
    private Type? _kind;
    private bool _ended;
    private int _streamed;

    /// <summary>The parts that it became, complete.</summary>
    public List<Part> Ended { get; } = [];

    private bool IsMessage => type == "message";

    private int Index(int content = 0) => (outputIndex * MaxContents) + content;

    /// <summary>The item begins.</summary>
    public void Open(JsonElement item, List<StreamEvent> events)
    {
        if (IsMessage)
        {
            _added = item.ValueKind == JsonValueKind.Object ? item.Clone() : null;
            return;
        }
        string? id = item.Text("id"u8);
        Part part = type switch
        {
            "reasoning" => new ReasoningPart("") { Id = id, Notes = ResponsesNotes.Empty },
            "function_call" => Call(item, id),
            "custom_tool_call" => Call(item, id) with { IsCustom = true },
            _ => Other(item),
        };
        _kind = part.GetType();
        events.Add(new PartStarted(0, Index(), ResponsesResponseReader.Restore(part, context)));
    }

    public void StartContent(JsonElement root, List<StreamEvent> events)
    {
        if (_ended || !IsMessage) return;
        var part = root.Object("part"u8) ?? throw new WireFormatException("part", "is missing; an object is required");
        Content(root, part.Text("type"u8) ?? "output_text", events);
    }

    public void AddText(JsonElement root, List<StreamEvent> events)
    {
        if (_ended || !IsMessage) return;
        var content = Content(root, "output_text", events);
        if (content.IsEnded || content.Kind != typeof(TextPart)) return;
        if (root.String("delta"u8) is { Length: > 0 } text)
        {
            content.Streamed += text.Length;
            events.Add(new PartDelta(0, content.Index, new TextDelta(text)));
        }
        if (root.TryGetProperty("logprobs"u8, out var list) && ResponsesResponseReader.ReadLogprobs(list) is { } tokens) events.Add(new PartDelta(0, content.Index, new LogprobsDelta(tokens)));
    }

    public void AddRefusal(JsonElement root, List<StreamEvent> events)
    {
        if (_ended || !IsMessage) return;
        var content = Content(root, "refusal", events);
        if (content.IsEnded || !content.IsRefusal || root.String("delta"u8) is not { Length: > 0 } text) return;
        content.Streamed += text.Length;
        events.Add(new PartDelta(0, content.Index, new RefusalDelta(text)));
    }

    public void AddAnnotation(JsonElement root, List<StreamEvent> events)
    {
        if (_ended || !IsMessage || root.Object("annotation"u8) is not { } annotation) return;
        var content = Content(root, "output_text", events);
        if (content.IsEnded || content.Kind != typeof(TextPart)) return;
        content.Citations++;
        events.Add(new PartDelta(0, content.Index, new CitationDelta(ResponsesContentReader.ReadAnnotation(annotation))));
    }

    public void EndContent(JsonElement root, List<StreamEvent> events)
    {
        if (_ended || !IsMessage || root.Object("part"u8) is not { } part) return;
        Content(root, part.Text("type"u8) ?? "output_text", events).Final = Read(part);
    }

    public void AddArguments(JsonElement root, List<StreamEvent> events)
    {
        if (_ended || type is not ("function_call" or "custom_tool_call")) return;
        if (root.String("delta"u8) is not { Length: > 0 } text) return;
        _streamed += text.Length;
        events.Add(new PartDelta(0, Index(), new ArgumentsDelta(text)));
    }

    public void AddReasoning(JsonElement root, List<StreamEvent> events)
    {
        if (_ended || type != "reasoning" || root.String("delta"u8) is not { Length: > 0 } text) return;
        _streamed += text.Length;
        events.Add(new PartDelta(0, Index(), new ReasoningDelta(text)));
    }

    public void AddSummary(JsonElement root, List<StreamEvent> events)
    {
        if (_ended || type != "reasoning" || root.String("delta"u8) is not { Length: > 0 } text) return;
        int paragraph = root.Int32("summary_index"u8) ?? 0;
        if (paragraph is < 0 or >= MaxContents) throw new WireFormatException("summary_index", "is out of range");
        while (_paragraphs.Count <= paragraph) _paragraphs.Add(0);
        _paragraphs[paragraph] += text.Length;
        events.Add(new PartDelta(0, Index(), new ReasoningDelta(text) { Paragraph = paragraph }));
    }

    /// <summary>The item is complete. What its deltas left out follows first.</summary>
    /// <param name="item">The item as the provider repeats it; default where it does not.</param>
    /// <param name="events">The events so far.</param>
    public void End(JsonElement item, List<StreamEvent> events)
    {
        if (_ended) return;
        _ended = true;
        if (item.ValueKind == JsonValueKind.Object && item.Text("type"u8) is { } repeated && repeated != type) item = default;
        if (item.ValueKind == JsonValueKind.Object) ResponsesMessageReader.ReadOutput(item, $"output[{outputIndex}]", Ended);
        if (IsMessage) EndMessage(events);
        else EndPart(events);
    }

    private void EndPart(List<StreamEvent> events)
    {
        if (Ended.Count == 0)
        {
            events.Add(new PartEnded(0, Index()));
            if (type is "function_call" or "custom_tool_call") Ended.Add(new ToolCallPart("", "", ""));
            return;
        }
        var final = Ended[0] = ResponsesResponseReader.Restore(Ended[0], context);
        if (final.GetType() != _kind)
        {
            events.Add(new PartEnded(0, Index())); // it ends as another kind of thing than it began
            return;
        }
        switch (final)
        {
            case ToolCallPart call when call.Arguments.Length > _streamed && !(_streamed == 0 && call.Arguments == "{}"):
                events.Add(new PartDelta(0, Index(), new ArgumentsDelta(call.Arguments[_streamed..])));
                break;
            case ReasoningPart reasoning: AddMissing(reasoning, events); break;
            case ServerToolCallPart { Input.IsAbsent: false } server: events.Add(new PartDelta(0, Index(), new ArgumentsDelta(server.Input.ToString()))); break;
            case MediaPart { Source: InlineMedia { Base64.Length: > 0 } inline }: events.Add(new PartDelta(0, Index(), new MediaDelta(inline.Base64, ""))); break;
            default: break;
        }
        if (final.Signature is { } signature) events.Add(new PartDelta(0, Index(), new SignatureDelta(signature)));
        events.Add(new PartEnded(0, Index()) { Final = final });
    }

    private void AddMissing(ReasoningPart reasoning, List<StreamEvent> events)
    {
        if (!reasoning.IsSummary && reasoning.Text.Length > _streamed) events.Add(new PartDelta(0, Index(), new ReasoningDelta(reasoning.Text[_streamed..])));
        if (!reasoning.IsSummary) return;
        for (int i = 0; i < reasoning.SummaryParagraphs.Count; i++)
        {
            int streamed = i < _paragraphs.Count ? _paragraphs[i] : 0;
            string paragraph = reasoning.SummaryParagraphs[i];
            if (paragraph.Length > streamed) events.Add(new PartDelta(0, Index(), new ReasoningDelta(paragraph[streamed..]) { Paragraph = i }));
        }
    }

    private void EndMessage(List<StreamEvent> events)
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

    private static readonly HashSet<string> Around = ["id", "content"];

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
        }
        else if (final is RefusalPart refusal && refusal.Text.Length > content.Streamed)
        {
            events.Add(new PartDelta(0, content.Index, new RefusalDelta(refusal.Text[content.Streamed..])));
        }
        events.Add(new PartEnded(0, content.Index) { Final = final });
    }

    private Part Read(JsonElement part) => ResponsesContentReader.Read(part, Role.Assistant, "part") with { Id = _added?.Text("id"u8) };

    private ToolCallPart Call(JsonElement item, string? id) =>
        new(item.Text("call_id"u8) ?? id ?? context.Ids.Next("call_"), item.Text("name"u8) ?? "", "") { Id = id, Notes = ResponsesNotes.Empty };

    private Part Other(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object) return new RawPart(WireFormatId.OpenAIResponses, type, new RawJson("{}"u8.ToArray()));
        if (type == "image_generation_call") return new MediaPart(MediaKind.Image, new InlineMedia("") { MediaType = "image/png" }) { Id = item.Text("id"u8), Notes = ResponsesNotes.Empty };
        var part = ResponsesItemReader.Read(item, type, "item");
        return part is ServerToolCallPart call ? call with { Input = default } : part;
    }

    private sealed class StreamedContent(int index, Type kind)
    {
        public int Index { get; } = index;

        public Type Kind { get; } = kind;

        public bool IsRefusal => Kind == typeof(RefusalPart);

        public int Streamed { get; set; }

        public int Citations { get; set; }

        public Part? Final { get; set; }

        public bool IsEnded { get; set; }
    }
}
