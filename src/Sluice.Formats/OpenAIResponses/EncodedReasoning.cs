using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Streaming;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>A reasoning item: paragraphs of a summary, or the raw text that some vendors show.</summary>
internal sealed class EncodedReasoning(StreamedOutput stream, ReasoningPart part) : EncodedPart(stream, part)
{
    private readonly StringBuilder _text = new();
    private string _id = "";
    private int _index;
    private int _section = -1;
    private int? _paragraph;
    private bool _isOpen;
    private bool _isRaw;

    public override void Start()
    {
        _id = Id("rs_");
        _index = Stream.AddItem(_id, _id, static (json, id) => ResponsesItemWriter.Reasoning(json, new ReasoningPart(""), id, payload: null));
        var summary = part.SummaryParagraphs;
        for (int i = 0; i < summary.Count; i++) Add(summary[i], i);
        if (summary.Count == 0 && part.Text.Length > 0) Add(part.Text, null);
    }

    public override void End(PartEnded e)
    {
        CloseSection();
        var folded = (ReasoningPart)Folded(e);
        string? payload = folded.Signature is { } signature
            ? ReasoningPayload.Write(signature, folded.IsRedacted ? PayloadRole.Redacted : PayloadRole.Reasoning)
            : null;
        Stream.EndItem(_index, (this, folded, payload), static (json, s) => ResponsesItemWriter.Reasoning(json, s.folded, s.Item1._id, s.payload));
    }

    protected override void Write(Delta delta)
    {
        // A paragraph without words is a paragraph too: the item's summary will have it.
        if (delta is ReasoningDelta reasoning && (reasoning.Text.Length > 0 || reasoning.Paragraph is not null)) Add(reasoning.Text, reasoning.Paragraph);
    }

    private void Add(string text, int? paragraph)
    {
        if (!_isOpen || paragraph != _paragraph)
        {
            CloseSection();
            OpenSection(paragraph);
        }
        if (text.Length == 0) return;
        _text.Append(text);
        Stream.Event(_isRaw ? "response.reasoning_text.delta"u8 : "response.reasoning_summary_text.delta"u8, (this, text), static (json, s) =>
        {
            s.Item1.WritePlace(json);
            json.WriteString("delta"u8, s.text);
        });
    }

    private void OpenSection(int? paragraph)
    {
        _isOpen = true;
        _paragraph = paragraph;
        _isRaw = paragraph is null && ResponsesNotes.IsNative(part.Notes);
        _section++;
        _text.Clear();
        PartEvent(_isRaw ? "response.content_part.added"u8 : "response.reasoning_summary_part.added"u8);
    }

    private void CloseSection()
    {
        if (!_isOpen) return;
        _isOpen = false;
        Stream.Event(_isRaw ? "response.reasoning_text.done"u8 : "response.reasoning_summary_text.done"u8, this, static (json, s) =>
        {
            s.WritePlace(json);
            json.WriteString("text"u8, s._text.ToString());
        });
        PartEvent(_isRaw ? "response.content_part.done"u8 : "response.reasoning_summary_part.done"u8);
    }

    private void PartEvent(ReadOnlySpan<byte> type) => Stream.Event(type, this, static (json, s) =>
    {
        s.WritePlace(json);
        json.WriteStartObject("part"u8);
        json.WriteString("type"u8, s._isRaw ? "reasoning_text"u8 : "summary_text"u8);
        json.WriteString("text"u8, s._text.ToString());
        json.WriteEndObject();
    });

    private void WritePlace(Utf8JsonWriter json)
    {
        json.WriteString("item_id"u8, _id);
        json.WriteNumber("output_index"u8, _index);
        json.WriteNumber(_isRaw ? "content_index"u8 : "summary_index"u8, _section);
    }
}
