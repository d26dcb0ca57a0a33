using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>One candidate of a streamed answer: joins the pieces of text, thought and sound that follow one another into parts.</summary>
internal sealed class GeminiCandidateDecoder(int index, GeminiPartReader reader)
{
    private readonly StringBuilder _text = new();
    private List<KeyValuePair<string, RawJson>>? _fields;
    private GeminiPartialArguments? _arguments;
    private string? _finish;
    private string? _openMedia;
    private Open _open;
    private bool _isSigned;
    private bool _hasCalls;
    private int _part = -1;

    private enum Open
    {
        Nothing,
        Text,
        Thought,
        Media,
        Call,
    }

    /// <summary>A finish reason was given.</summary>
    public bool IsFinished => _finish is not null;

    public void Decode(JsonElement candidate, List<StreamEvent> events)
    {
        foreach (var member in candidate.EnumerateObject())
        {
            if (member.NameEquals("content"u8)) Content(member.Value, events);
            else if (member.NameEquals("finishReason"u8)) Finish(member.Value);
            else if (member.NameEquals("logprobsResult"u8)) Logprobs(member.Value, events);
            else if (!member.NameEquals("index"u8)) Keep(member);
        }
    }

    /// <summary>The stream is over: ends what is open and tells why the candidate ended.</summary>
    public void Finish(List<StreamEvent> events)
    {
        CiteSources(events);
        Close(events);
        var notes = default(GeminiNotesBuilder);
        if (_finish is not null) notes.Mark("finish", _finish);
        foreach (var (name, json) in _fields ?? []) notes.Keep(name, json);
        // Without a reason of its own it ends because the prompt was blocked.
        var reason = _finish is not null ? GeminiFinish.Read(_finish, _hasCalls) : FinishReason.ContentFilter;
        events.Add(new CandidateFinished(index, reason) { Notes = notes.Build() });
    }

    private void Finish(JsonElement reason)
    {
        if (reason.ValueKind == JsonValueKind.String && reason.GetString() is { Length: > 0 } word && word != "FINISH_REASON_UNSPECIFIED") _finish = word;
    }

    private void Content(JsonElement content, List<StreamEvent> events)
    {
        if (content.Get("parts"u8) is not { ValueKind: JsonValueKind.Array } parts) return;
        foreach (var part in parts.EnumerateArray())
        {
            if (part.ValueKind != JsonValueKind.Object) throw new WireFormatException("candidates[].content.parts", "must hold objects");
            var head = GeminiPartHead.Read(part);
            bool isTextual = head.Kind == "text" || (head.Kind is null && head.Signature is not null);
            if (isTextual) Words(ref head, events);
            else if (head is { Kind: "functionCall", IsThought: false }) Call(part, ref head, events);
            else Whole(part, ref head, events);
        }
    }

    private void Words(ref GeminiPartHead head, List<StreamEvent> events)
    {
        string text = head.Kind is null ? "" : head.Data.ValueKind == JsonValueKind.String ? head.Data.GetString()! : throw new WireFormatException("candidates[].content.parts.text", "must be a string");
        var notes = head.Notes.Build();
        if (text.Length == 0 && head.Signature is null && notes is null) return;
        var kind = head.IsThought ? Open.Thought : Open.Text;
        if (_open != kind || (_isSigned && text.Length > 0))
        {
            Part part = head.IsThought ? new ReasoningPart("") { IsSummary = true, Notes = notes } : new TextPart("") { Notes = notes };
            Start(kind, part, events);
        }
        if (text.Length > 0)
        {
            events.Add(new PartDelta(index, _part, head.IsThought ? new ReasoningDelta(text) : new TextDelta(text)));
            if (!head.IsThought) _text.Append(text);
        }
        if (head.Signature is null) return;
        events.Add(new PartDelta(index, _part, new SignatureDelta(new Signature(head.Signature, "gemini"))));
        _isSigned = true;
    }

    private void Call(JsonElement part, ref GeminiPartHead head, List<StreamEvent> events)
    {
        var call = head.Data;
        bool goesOn = call.Get("willContinue"u8) is { ValueKind: JsonValueKind.True };
        if (_open == Open.Call && call.Text("name"u8) is null)
        {
            if (call.Get("partialArgs"u8) is { } more) _arguments!.Add(more);
            if (!goesOn) Close(events);
            return;
        }
        _hasCalls = true;
        if (!goesOn && call.Get("partialArgs"u8) is null)
        {
            Whole(part, ref head, events);
            return;
        }
        string name = call.RequiredString("name"u8, "candidates[].content.parts.functionCall");
        var signature = head.Signature is null ? null : new Signature(head.Signature, "gemini");
        Start(Open.Call, reader.Call(call.Text("id"u8), name, "") with { Signature = signature }, events);
        _arguments = new GeminiPartialArguments();
        if (call.Get("partialArgs"u8) is { } pieces) _arguments.Add(pieces);
        if (!goesOn) Close(events);
    }

    private void Whole(JsonElement json, ref GeminiPartHead head, List<StreamEvent> events)
    {
        var part = reader.Read(json, ref head, "candidates[].content.parts");
        switch (part)
        {
            case ToolCallPart call:
                Start(Open.Call, call with { Arguments = "" }, events);
                events.Add(new PartDelta(index, _part, new ArgumentsDelta(call.Arguments)));
                Close(events);
                break;
            // Sound comes in pieces of one stream, pictures one by one.
            case MediaPart { Source: InlineMedia sound } media when media.Kind == MediaKind.Audio:
                if (_open != Open.Media || _openMedia != sound.MediaType) Start(Open.Media, media with { Source = sound with { Base64 = "" } }, events);
                _openMedia = sound.MediaType;
                events.Add(new PartDelta(index, _part, new MediaDelta(sound.Base64, "")));
                break;
            default:
                Start(Open.Nothing, part, events);
                events.Add(new PartEnded(index, _part));
                break;
        }
    }

    private void Start(Open kind, Part part, List<StreamEvent> events)
    {
        Close(events);
        events.Add(new PartStarted(index, ++_part, part));
        _open = kind;
        _isSigned = false;
    }

    private void Close(List<StreamEvent> events)
    {
        if (_open == Open.Nothing) return;
        if (_arguments is not null) events.Add(new PartDelta(index, _part, new ArgumentsDelta(_arguments.ToString())));
        _arguments = null;
        events.Add(new PartEnded(index, _part));
        _open = Open.Nothing;
    }

    private void Logprobs(JsonElement result, List<StreamEvent> events)
    {
        if (_open is Open.Text or Open.Thought && GeminiLogprobs.Read(result) is { Count: > 0 } tokens) events.Add(new PartDelta(index, _part, new LogprobsDelta(tokens)));
    }

    // Grounding may come with each chunk; the last tells all.
    private void Keep(JsonProperty member)
    {
        _fields ??= [];
        string name = member.Name;
        _fields.RemoveAll(f => f.Key == name);
        _fields.Add(new(name, RawJson.From(member.Value)));
    }

    private void CiteSources(List<StreamEvent> events)
    {
        if (_open != Open.Text || _fields is null) return;
        RawJson grounding = Field("groundingMetadata"), citation = Field("citationMetadata");
        foreach (var source in GeminiGrounding.Read(grounding, citation, _text.ToString())) events.Add(new PartDelta(index, _part, new CitationDelta(source)));
    }

    private RawJson Field(string name) => _fields!.Find(f => f.Key == name).Value;
}
