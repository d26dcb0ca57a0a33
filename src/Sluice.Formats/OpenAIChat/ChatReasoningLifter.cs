using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Streaming;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Lifts streamed reasoning into parts, in all its spellings.</summary>
internal sealed class ChatReasoningLifter(OpenSlot slot)
{
    // The plain reasoning of the open part: a signature that follows may repeat it.
    private readonly StringBuilder _streamed = new();
    private long _detailIndex;
    private string? _detailType;

    /// <summary>Reads <c>reasoning_details</c>, <c>reasoning_content</c> and <c>reasoning</c> of a delta. OpenRouter repeats in the last what the first says with more.</summary>
    public void Read(JsonElement delta, List<StreamEvent> events)
    {
        bool inDetails = false;
        if (delta.Get("reasoning_details"u8) is { ValueKind: JsonValueKind.Array } details)
        {
            inDetails = ReasoningDetails.HasText(details);
            foreach (var item in details.EnumerateArray()) ReadDetail(item, events);
        }
        if (inDetails) return;
        string? text = delta.Text("reasoning_content"u8) is { Length: > 0 } content ? content : delta.Text("reasoning"u8);
        if (text is { Length: > 0 }) Add(text, events);
    }

    /// <summary>Reads a <c>thinking</c> part of Mistral's content: a list of text pieces, and the signature with the last.</summary>
    public void ReadThinking(JsonElement item, List<StreamEvent> events)
    {
        if (item.Get("thinking"u8) is { ValueKind: JsonValueKind.Array } pieces)
        {
            foreach (var piece in pieces.EnumerateArray())
            {
                if (piece.Text("text"u8) is { Length: > 0 } text) Add(text, events);
            }
        }
        if (item.Text("signature"u8) is not { Length: > 0 } signature) return;
        slot.Open(SlotKind.Reasoning, new ReasoningPart(""), events);
        slot.Add(new SignatureDelta(SignatureEnvelope.Read(signature, "mistral")), events);
    }

    private void Add(string text, List<StreamEvent> events)
    {
        if (slot.Kind != SlotKind.Reasoning) _streamed.Clear();
        slot.Open(SlotKind.Reasoning, new ReasoningPart(""), events);
        _streamed.Append(text);
        slot.Add(new ReasoningDelta(text), events);
    }

    private void ReadDetail(JsonElement item, List<StreamEvent> events)
    {
        switch (item.Text("type"u8))
        {
            case ("reasoning.text" or "reasoning.summary") and var type:
                ReadText(item, type, events);
                break;
            case "reasoning.encrypted" when item.Text("data"u8) is { Length: > 0 } data:
                ReadEncrypted(item, data, events);
                break;
            case null:
                throw new WireFormatException("choices.delta.reasoning_details", "must hold items with a type");
            default:
                break;
        }
    }

    private void ReadText(JsonElement item, string type, List<StreamEvent> events)
    {
        long index = item.Count("index"u8) ?? 0;
        string text = item.Text("text"u8) ?? item.Text("summary"u8) ?? "";
        var signature = item.Text("signature"u8) is { Length: > 0 } payload ? ReasoningFamilies.Read(payload, item.Text("format"u8)) : null;
        if (text.Length == 0 && signature is null) return;
        if (slot.Kind == SlotKind.Reasoning && (text.Length == 0 || IsStreamed(text)))
        {
            // The signature, or the summary whose payload follows, of what was streamed as plain text: how this gateway itself tells one.
            slot.TurnIntoDetail();
            (_detailIndex, _detailType) = (index, type);
            if (signature is null) return;
            slot.Add(new SignatureDelta(signature), events);
            slot.Close(events);
            return;
        }
        bool summary = type == "reasoning.summary";
        if (!Continues(index, type)) OpenDetail(index, type, new ReasoningPart("") { Id = item.Text("id"u8), IsSummary = summary }, events);
        if (text.Length > 0) slot.Add(summary ? new ReasoningDelta(text) { Paragraph = 0 } : new ReasoningDelta(text), events);
        if (signature is not null) slot.Add(new SignatureDelta(signature), events);
    }

    // A payload belongs to the summary before it under the same index, as in a whole answer.
    private void ReadEncrypted(JsonElement item, string data, List<StreamEvent> events)
    {
        string? format = item.Text("format"u8);
        long index = item.Count("index"u8) ?? 0;
        if (!Continues(index, "reasoning.summary")) OpenDetail(index, "reasoning.encrypted", new ReasoningPart("") { Id = item.Text("id"u8), IsRedacted = format == "anthropic-claude-v1" }, events);
        slot.Add(new SignatureDelta(ReasoningFamilies.Read(data, format)), events);
        slot.Close(events);
    }

    private bool Continues(long index, string type) => slot.Kind == SlotKind.Detail && _detailIndex == index && _detailType == type;

    private void OpenDetail(long index, string type, ReasoningPart part, List<StreamEvent> events)
    {
        slot.Close(events);
        slot.Open(SlotKind.Detail, part, events);
        (_detailIndex, _detailType) = (index, type);
    }

    // A part that follows another begins with the empty line that tells them apart.
    private bool IsStreamed(string text)
    {
        int rest = _streamed.Length - text.Length;
        if (rest != 0 && (rest < 2 || _streamed[rest - 1] != '\n' || _streamed[rest - 2] != '\n')) return false;
        for (int i = 0; i < text.Length; i++)
        {
            if (_streamed[rest + i] != text[i]) return false;
        }
        return true;
    }
}
