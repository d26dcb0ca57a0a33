using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>
/// Reads the lines of a streamed answer. Ollama has no parts: a run of <c>thinking</c> or of <c>content</c> is one part; tool calls come whole.
/// The last line has <c>done: true</c> with the reason and the counts; an error is a line of its own.
/// </summary>
internal sealed class OllamaStreamDecoder(TranslationContext context) : IStreamDecoder
{
    private readonly List<TokenLogprob> _logprobs = [];
    private int _next;
    private int _open = -1;
    private bool _openIsReasoning;
    private bool _started;
    private bool _hasCalls;
    private bool _over;

    /// <inheritdoc/>
    public void Decode(in StreamFrame frame, List<StreamEvent> events)
    {
        if (_over || frame.Data.IsEmpty) return;
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
        if (root.Get("error"u8) is not null)
        {
            Fail(OllamaErrors.Read(0, root), events);
            return;
        }
        bool done = root.Boolean("done"u8) == true;
        var message = root.Object("message"u8);
        if (message is null && !done) throw new WireFormatException("message", "is missing; an object is required");
        if (!_started) Start(root, events);
        if (OllamaLogprobs.Read(root) is { } tokens) _logprobs.AddRange(tokens);
        if (message is { } content) ReadMessage(content, events);
        FlushLogprobs(events);
        if (done) End(root, events);
    }

    private void Start(JsonElement root, List<StreamEvent> events)
    {
        _started = true;
        events.Add(new ResponseStarted { Model = root.Text("model"u8) ?? "", CreatedAt = OllamaAnswerReader.CreatedAt(root), Notes = OllamaAnswerReader.RootNotes(root) });
    }

    private void ReadMessage(JsonElement message, List<StreamEvent> events)
    {
        const string path = "message";
        if (message.String("thinking"u8, path) is { Length: > 0 } thinking) events.Add(new PartDelta(0, Open(reasoning: true, events), new ReasoningDelta(thinking)));
        if (message.String("content"u8, path) is { Length: > 0 } text) events.Add(new PartDelta(0, Open(reasoning: false, events), new TextDelta(text)));
        if (message.Array("images"u8, path) is { } images) Images(images, events);
        if (message.Array("tool_calls"u8, path) is { } calls) Calls(calls, events);
    }

    private void Images(JsonElement images, List<StreamEvent> events)
    {
        foreach (var image in images.EnumerateArray())
        {
            Whole(OllamaMessageReader.Image(image, "message.images"), null, events);
        }
    }

    private void Calls(JsonElement calls, List<StreamEvent> events)
    {
        foreach (var item in calls.EnumerateArray())
        {
            var call = OllamaAnswerReader.Call(item, "message.tool_calls", context);
            _hasCalls = true;
            Whole(call with { Arguments = "" }, new ArgumentsDelta(call.Arguments), events);
        }
    }

    private void Whole(Part part, Delta? content, List<StreamEvent> events)
    {
        Close(events);
        int index = _next++;
        events.Add(new PartStarted(0, index, part));
        if (content is not null) events.Add(new PartDelta(0, index, content));
        events.Add(new PartEnded(0, index));
    }

    private int Open(bool reasoning, List<StreamEvent> events)
    {
        if (_open >= 0 && _openIsReasoning == reasoning) return _open;
        Close(events);
        _open = _next++;
        _openIsReasoning = reasoning;
        events.Add(new PartStarted(0, _open, reasoning ? new ReasoningPart("") : new TextPart("")));
        return _open;
    }

    private void Close(List<StreamEvent> events)
    {
        if (_open < 0) return;
        FlushLogprobs(events);
        events.Add(new PartEnded(0, _open));
        _open = -1;
    }

    // Probabilities belong to an open part; those that come before any wait for it.
    private void FlushLogprobs(List<StreamEvent> events)
    {
        if (_open < 0 || _logprobs.Count == 0) return;
        events.Add(new PartDelta(0, _open, new LogprobsDelta([.. _logprobs])));
        _logprobs.Clear();
    }

    private void End(JsonElement root, List<StreamEvent> events)
    {
        _over = true;
        if (_logprobs.Count > 0) Open(reasoning: false, events);
        Close(events);
        if (OllamaUsage.Read(root) is { } usage) events.Add(new UsageReported(usage));
        var notes = new NotesBuilder(WireFormatId.OllamaChat);
        var reason = OllamaFinish.Read(root, _hasCalls);
        OllamaFinish.Keep(root, reason, notes);
        if (OllamaFinish.IsTold(root, _next > 0)) events.Add(new CandidateFinished(0, reason) { Notes = notes.Build() });
        events.Add(new ResponseEnded { Notes = OllamaAnswerReader.RootNotes(root) });
    }

    private void Fail(GatewayError error, List<StreamEvent> events)
    {
        if (_over) return;
        _over = true;
        events.Add(new StreamFailed(error));
    }
}
