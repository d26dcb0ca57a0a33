using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Lifts the flat deltas of one choice into parts: at most one of text, reasoning and refusal is open at a time, calls and sound beside it.</summary>
internal sealed class ChatCandidateDecoder
{
    private readonly ChatDialect _dialect;
    private readonly PartNumbers _numbers = new();
    private readonly ChatCallAssembler _calls;
    private readonly OpenSlot _slot;
    private readonly ChatReasoningLifter _reasoning;
    private readonly ChatMediaLifter _media;
    private bool _hasCalls;
    private bool _hasLegacyCall;
    private string? _reason;
    private string? _stop;

    public ChatCandidateDecoder(int index, ChatDialect dialect, TranslationContext context)
    {
        Index = index;
        _dialect = dialect;
        _calls = new ChatCallAssembler(index, context, _numbers);
        _slot = new OpenSlot(index, _numbers, _calls);
        _reasoning = new ChatReasoningLifter(_slot);
        _media = new ChatMediaLifter(index, _slot, _numbers);
    }

    /// <summary>Which choice.</summary>
    public int Index { get; }

    /// <summary>True after a <c>finish_reason</c>.</summary>
    public bool HasReason => _reason is not null;

    /// <summary>Takes the choice of one chunk.</summary>
    public void Read(JsonElement choice, List<StreamEvent> events)
    {
        if (choice.Get("logprobs"u8) is not null && ChatLogprobs.Read(choice) is { } tokens) _slot.AddLogprobs(tokens);
        if ((choice.Get("delta"u8) ?? choice.Get("message"u8)) is { ValueKind: JsonValueKind.Object } delta) ReadDelta(delta, events);
        _slot.FlushLogprobs(events);
        if (choice.Text("finish_reason"u8) is not { Length: > 0 } reason) return;
        _reason ??= reason;
        _stop ??= choice.Text("stop_reason"u8);
    }

    /// <summary>The stream is over: ends what is open, and the candidate.</summary>
    public void End(List<StreamEvent> events)
    {
        _slot.End(events);
        _calls.CloseAll(events);
        _media.End(events);
        if (_reason is null && _numbers.Count == 0) return;
        var reason = ChatFinish.Read(_reason, _hasCalls);
        events.Add(new CandidateFinished(Index, _stop is not null && reason == FinishReason.Stop ? FinishReason.StopSequence : reason) { StopSequence = _stop });
    }

    private void ReadDelta(JsonElement delta, List<StreamEvent> events)
    {
        _reasoning.Read(delta, events);
        if (delta.Get("content"u8) is { } content) ReadContent(content, events);
        if (delta.Text("refusal"u8) is { Length: > 0 } refusal)
        {
            _slot.Open(SlotKind.Refusal, new RefusalPart(""), events);
            _slot.Add(new RefusalDelta(refusal), events);
        }
        if (delta.Get("annotations"u8) is { ValueKind: JsonValueKind.Array } annotations)
        {
            foreach (var annotation in annotations.EnumerateArray()) _slot.AddCitation(ChatAnnotations.Read(annotation, _dialect.Id), events);
        }
        _media.Read(delta, events);
        ReadCalls(delta, events);
        if (delta.Get("executed_tools"u8) is { } executed) events.Add(new RawEvent(_dialect.Id, "executed_tools", RawJson.From(executed)));
    }

    private void ReadContent(JsonElement content, List<StreamEvent> events)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            if (!content.ValueEqualsEmpty()) AddText(content.GetString()!, events);
            return;
        }
        if (content.ValueKind != JsonValueKind.Array) throw new WireFormatException("choices.delta.content", "must be a string or a list of parts");
        foreach (var item in content.EnumerateArray())
        {
            switch (item.Text("type"u8))
            {
                case "text":
                    if (item.Text("text"u8) is { Length: > 0 } text) AddText(text, events);
                    break;
                case "thinking":
                    _reasoning.ReadThinking(item, events);
                    break;
                case { } other:
                    events.Add(new RawEvent(_dialect.Id, other, RawJson.From(item)));
                    break;
                default:
                    throw new WireFormatException("choices.delta.content", "must hold parts with a type");
            }
        }
    }

    private void AddText(string text, List<StreamEvent> events)
    {
        _slot.Open(SlotKind.Text, new TextPart(""), events);
        _slot.Add(new TextDelta(text), events);
    }

    private void ReadCalls(JsonElement delta, List<StreamEvent> events)
    {
        if (delta.Get("tool_calls"u8) is { } calls)
        {
            if (calls.ValueKind != JsonValueKind.Array) throw new WireFormatException("choices.delta.tool_calls", "must be an array");
            foreach (var call in calls.EnumerateArray())
            {
                _hasCalls = true;
                _slot.Close(events);
                _calls.Read(call, events);
            }
        }
        if (delta.Get("function_call"u8) is not { ValueKind: JsonValueKind.Object } legacy) return;
        if (!_hasLegacyCall && legacy.Text("name"u8) is not { Length: > 0 }) return;
        _hasLegacyCall = _hasCalls = true;
        _slot.Close(events);
        _calls.ReadLegacy(legacy, events);
    }
}
