using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.CohereChat;

/// <summary>
/// Reads the events of a streamed answer: <c>message-start</c>, content, plan, calls and citations by turns, <c>message-end</c> with the reason and the
/// usage. A part ends when the next begins and not at its <c>content-end</c>, because its citations may come after that.
/// </summary>
internal sealed class CohereStreamDecoder(TranslationContext context) : IStreamDecoder
{
    private readonly Dictionary<long, int> _content = [];
    private readonly Dictionary<long, int> _calls = [];
    private int _next;
    private int _open = -1;
    private PartKind _kind;
    private bool _started;
    private bool _over;

    private enum PartKind
    {
        Text,
        Thinking,
        Plan,
        Call,
    }

    /// <inheritdoc/>
    public void Decode(in StreamFrame frame, List<StreamEvent> events)
    {
        if (_over || frame.Data.IsEmpty || frame.Data.Span.SequenceEqual("[DONE]"u8)) return;
        var outcome = Decoding.Frame(frame.Data, (Decoder: this, Events: events), static (root, state) =>
        {
            state.Decoder.Read(root, state.Events);
            return state.Decoder;
        });
        if (!outcome.IsSuccess) Fail(outcome.Error, events);
    }

    /// <inheritdoc/>
    public void Complete(List<StreamEvent> events) =>
        Fail(new GatewayError(ErrorKind.Network, "the provider's stream ended before the answer was complete"), events);

    private void Read(JsonElement root, List<StreamEvent> events)
    {
        string? type = root.Text("type"u8);
        if (type is null)
        {
            // An error of the service, as it would stand in a body.
            Fail(CohereErrors.InStream(root.Text("message"u8) ?? root.Text("error"u8) ?? "the provider sent an event without a type"), events);
            return;
        }
        if (!_started) Start(root, events);
        var delta = root.Get("delta"u8) ?? default;
        var message = delta.Get("message"u8) ?? default;
        switch (type)
        {
            case "message-start": break;
            case "content-start": StartContent(root, message, events); break;
            case "content-delta": AddContent(root, message, events); break;
            case "tool-plan-delta": AddPlan(message, events); break;
            case "tool-call-start": StartCalls(root, message, events); break;
            case "tool-call-delta": AddArguments(root, message, events); break;
            case "tool-call-end": if (_kind == PartKind.Call) Close(events); break;
            case "citation-start": Cite(root, message, events); break;
            case "content-end" or "citation-end": break;
            case "message-end": End(delta, events); break;
            default: events.Add(new RawEvent(WireFormatId.CohereChat, type, RawJson.From(root))); break;
        }
    }

    private void Start(JsonElement root, List<StreamEvent> events)
    {
        _started = true;
        events.Add(new ResponseStarted { Id = root.Text("id"u8) ?? "" });
    }

    private void StartContent(JsonElement root, JsonElement message, List<StreamEvent> events)
    {
        var content = message.Get("content"u8) ?? default;
        bool thinking = content.Text("type"u8) is { } type ? type == "thinking" : content.Get("thinking"u8) is not null;
        Open(thinking ? PartKind.Thinking : PartKind.Text, events);
        _content[root.Count("index"u8) ?? 0] = _open;
        AddContent(root, message, events);
    }

    private void AddContent(JsonElement root, JsonElement message, List<StreamEvent> events)
    {
        var content = message.Get("content"u8) ?? default;
        if (content.Text("thinking"u8) is { Length: > 0 } thinking) events.Add(new PartDelta(0, OpenContent(root, PartKind.Thinking, events), new ReasoningDelta(thinking)));
        if (content.Text("text"u8) is { Length: > 0 } text) events.Add(new PartDelta(0, OpenContent(root, PartKind.Text, events), new TextDelta(text)));
        if (root.Get("logprobs"u8) is { } tokens && CohereLogprobs.Read(tokens) is { } token) events.Add(new PartDelta(0, OpenContent(root, _open >= 0 ? _kind : PartKind.Text, events), new LogprobsDelta([token])));
    }

    // A delta without its start, or of a part that is closed already, opens a part of its own: content is never lost.
    private int OpenContent(JsonElement root, PartKind kind, List<StreamEvent> events)
    {
        long index = root.Count("index"u8) ?? 0;
        if (_open >= 0 && _kind == kind && _content.GetValueOrDefault(index, -1) == _open) return _open;
        Open(kind, events);
        _content[index] = _open;
        return _open;
    }

    private void AddPlan(JsonElement message, List<StreamEvent> events)
    {
        if (message.Text("tool_plan"u8) is not { Length: > 0 } text) return;
        if (_open < 0 || _kind != PartKind.Plan) Open(PartKind.Plan, events);
        events.Add(new PartDelta(0, _open, new TextDelta(text)));
    }

    // The type says one call; the documentation speaks of a list.
    private void StartCalls(JsonElement root, JsonElement message, List<StreamEvent> events)
    {
        long index = root.Count("index"u8) ?? _calls.Count;
        var calls = message.Get("tool_calls"u8) ?? throw new WireFormatException("delta.message.tool_calls", "is missing; an object is required");
        if (calls.ValueKind != JsonValueKind.Array)
        {
            StartCall(index, calls, events);
            return;
        }
        foreach (var call in calls.EnumerateArray()) StartCall(index++, call, events);
    }

    private void StartCall(long index, JsonElement item, List<StreamEvent> events)
    {
        var call = CohereAnswerReader.Call(item, "delta.message.tool_calls", context);
        Open(PartKind.Call, events, call with { Arguments = "" });
        _calls[index] = _open;
        if (call.Arguments.Length > 0) events.Add(new PartDelta(0, _open, new ArgumentsDelta(call.Arguments)));
    }

    private void AddArguments(JsonElement root, JsonElement message, List<StreamEvent> events)
    {
        var calls = message.Get("tool_calls"u8) ?? default;
        if (calls.ValueKind == JsonValueKind.Array && calls.GetArrayLength() > 0) calls = calls[0];
        if (calls.Get("function"u8)?.Text("arguments"u8) is not { Length: > 0 } text) return;
        int part = root.Count("index"u8) is { } index ? _calls.GetValueOrDefault(index, -1) : _open;
        if (_open < 0 || part != _open || _kind != PartKind.Call) throw new WireFormatException("index", "names a call that is not open");
        events.Add(new PartDelta(0, _open, new ArgumentsDelta(text)));
    }

    private void Cite(JsonElement root, JsonElement message, List<StreamEvent> events)
    {
        if (message.Get("citations"u8) is not { } citation) return;
        if (citation.ValueKind == JsonValueKind.Array && citation.GetArrayLength() > 0) citation = citation[0];
        bool fits = _open >= 0 && (_kind == PartKind.Text ? CohereCitations.IsOfText(citation) : _kind == PartKind.Plan && CohereCitations.IsOfPlan(citation));
        if (fits) events.Add(new PartDelta(0, _open, new CitationDelta(CohereCitations.Read(citation))));
        else events.Add(new RawEvent(WireFormatId.CohereChat, "citation-start", RawJson.From(root)));
    }

    private void Open(PartKind kind, List<StreamEvent> events, ToolCallPart? call = null)
    {
        Close(events);
        _open = _next++;
        _kind = kind;
        Part part = kind == PartKind.Thinking ? new ReasoningPart("") : new TextPart("");
        events.Add(new PartStarted(0, _open, call ?? part));
    }

    private void Close(List<StreamEvent> events)
    {
        if (_open < 0) return;
        events.Add(new PartEnded(0, _open));
        _open = -1;
    }

    private void End(JsonElement delta, List<StreamEvent> events)
    {
        if (delta.Text("error"u8) is { Length: > 0 } error)
        {
            if (CohereUsage.ReadFrom(delta) is { } spent) events.Add(new UsageReported(spent));
            Fail(CohereErrors.InStream(error), events);
            return;
        }
        _over = true;
        Close(events);
        if (CohereUsage.ReadFrom(delta) is { } usage) events.Add(new UsageReported(usage));
        var reason = CohereFinish.Read(delta.Text("finish_reason"u8));
        if (reason is not null || _next > 0) events.Add(new CandidateFinished(0, reason ?? FinishReason.Stop));
        events.Add(new ResponseEnded());
    }

    private void Fail(GatewayError error, List<StreamEvent> events)
    {
        if (_over) return;
        _over = true;
        events.Add(new StreamFailed(error));
    }
}
