using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>An item that becomes one part: reasoning, a call, or what the provider's own tools did.</summary>
internal sealed class StreamedPart(int outputIndex, string type, TranslationContext context) : StreamedItem(outputIndex, context)
{
    private readonly List<int> _paragraphs = [];
    private Type? _kind;
    private int _streamed;

    public override void Open(JsonElement item, List<StreamEvent> events)
    {
        string? id = item.Text("id"u8);
        Part part = type switch
        {
            "reasoning" => new ReasoningPart("") { Id = id, Notes = ResponsesNotes.Empty },
            "function_call" => Call(item, id),
            "custom_tool_call" => Call(item, id) with { IsCustom = true },
            _ => Other(item),
        };
        _kind = part.GetType();
        events.Add(new PartStarted(0, Index(), ResponsesResponseReader.Restore(part, Context)));
    }

    public override void AddArguments(JsonElement root, List<StreamEvent> events)
    {
        if (IsEnded || type is not ("function_call" or "custom_tool_call")) return;
        if (root.String("delta"u8) is not { Length: > 0 } text) return;
        _streamed += text.Length;
        events.Add(new PartDelta(0, Index(), new ArgumentsDelta(text)));
    }

    public override void AddReasoning(JsonElement root, List<StreamEvent> events)
    {
        if (IsEnded || type != "reasoning" || root.String("delta"u8) is not { Length: > 0 } text) return;
        _streamed += text.Length;
        events.Add(new PartDelta(0, Index(), new ReasoningDelta(text)));
    }

    public override void AddSummary(JsonElement root, List<StreamEvent> events)
    {
        if (IsEnded || type != "reasoning" || root.String("delta"u8) is not { Length: > 0 } text) return;
        int paragraph = root.Int32("summary_index"u8) ?? 0;
        if (paragraph is < 0 or >= MaxContents) throw new WireFormatException("summary_index", "is out of range");
        while (_paragraphs.Count <= paragraph) _paragraphs.Add(0);
        _paragraphs[paragraph] += text.Length;
        events.Add(new PartDelta(0, Index(), new ReasoningDelta(text) { Paragraph = paragraph }));
    }

    protected override bool IsOwn(JsonElement item) => item.Text("type"u8) == type;

    protected override void Close(List<StreamEvent> events)
    {
        if (Ended.Count == 0)
        {
            events.Add(new PartEnded(0, Index()));
            if (type is "function_call" or "custom_tool_call") Ended.Add(new ToolCallPart("", "", ""));
            return;
        }
        var final = Ended[0] = ResponsesResponseReader.Restore(Ended[0], Context);
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

    private ToolCallPart Call(JsonElement item, string? id) =>
        new(item.Text("call_id"u8) ?? id ?? Context.Ids.Next("call_"), item.Text("name"u8) ?? "", "") { Id = id, Notes = ResponsesNotes.Empty };

    private Part Other(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object) return new RawPart(WireFormatId.OpenAIResponses, type, new RawJson("{}"u8.ToArray()));
        if (type == "image_generation_call") return new MediaPart(MediaKind.Image, new InlineMedia("") { MediaType = "image/png" }) { Id = item.Text("id"u8), Notes = ResponsesNotes.Empty };
        var part = ResponsesItemReader.Read(item, type, "item");
        return part is ServerToolCallPart call ? call with { Input = default } : part;
    }
}
