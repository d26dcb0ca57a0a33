using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>
/// Lifts the flat deltas of one choice into parts. At most one of text, reasoning and refusal is open; calls are kept by
/// <see cref="ChatCallAssembler"/>.
/// </summary>
internal sealed class ChatCandidateDecoder
{
    private readonly ChatDialect _dialect;
    private readonly ChatCallAssembler _calls;
    private readonly PartNumbers _numbers;
    private readonly List<Citation> _citations = [];
    private readonly StringBuilder _reasoning = new();
    private List<TokenLogprob>? _logprobs;
    private Open _open;
    private int _openPart;
    private int _audioPart = -1;
    private long _detailIndex;
    private string? _detailType;
    private bool _hasCalls;
    private bool _hasLegacyCall;
    private string? _stop;

    public ChatCandidateDecoder(int index, ChatDialect dialect, TranslationContext context)
    {
        Index = index;
        _dialect = dialect;
        _numbers = new PartNumbers();
        _calls = new ChatCallAssembler(index, context, _numbers);
    }

    private enum Open
    {
        Nothing,
        Text,
        Reasoning,
        Detail,
        Refusal,
    }

    /// <summary>Which choice.</summary>
    public int Index { get; }

    /// <summary>True after a <c>finish_reason</c>.</summary>
    public bool HasReason { get; private set; }

    private string? Reason { get; set; }

    /// <summary>Takes the choice of one chunk.</summary>
    public void Read(JsonElement choice, List<StreamEvent> events)
    {
        if (choice.Get("logprobs"u8) is not null && ChatLogprobs.Read(choice) is { } tokens) (_logprobs ??= []).AddRange(tokens);
        if ((choice.Get("delta"u8) ?? choice.Get("message"u8)) is { ValueKind: JsonValueKind.Object } delta) ReadDelta(delta, events);
        WriteLogprobs(events);
        if (choice.Text("finish_reason"u8) is not { Length: > 0 } reason) return;
        HasReason = true;
        Reason ??= reason;
        _stop ??= choice.Text("stop_reason"u8);
    }

    /// <summary>The stream is over: ends what is open, and the candidate.</summary>
    public void End(List<StreamEvent> events)
    {
        if (_citations.Count > 0 && _open != Open.Text) OpenPart(Open.Text, new TextPart(""), events);
        Close(events);
        _calls.CloseAll(events);
        if (_audioPart >= 0) events.Add(new PartEnded(Index, _audioPart));
        var reason = ChatFinish.Read(Reason, _hasCalls);
        events.Add(new CandidateFinished(Index, _stop is not null && reason == FinishReason.Stop ? FinishReason.StopSequence : reason) { StopSequence = _stop });
    }

    private void ReadDelta(JsonElement delta, List<StreamEvent> events)
    {
        ReadReasoning(delta, events);
        if (delta.Get("content"u8) is { } content) ReadContent(content, events);
        if (delta.Text("refusal"u8) is { Length: > 0 } refusal)
        {
            OpenPart(Open.Refusal, new RefusalPart(""), events);
            Add(new RefusalDelta(refusal), events);
        }
        ReadAnnotations(delta, events);
        ReadAudio(delta, events);
        ReadImages(delta, events);
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
                    ReadThinking(item, events);
                    break;
                case { } other:
                    events.Add(new RawEvent(_dialect.Id, other, RawJson.From(item)));
                    break;
                default:
                    throw new WireFormatException("choices.delta.content", "must hold parts with a type");
            }
        }
    }

    // Mistral: a list of text pieces, and the signature with the last.
    private void ReadThinking(JsonElement item, List<StreamEvent> events)
    {
        if (item.Get("thinking"u8) is { ValueKind: JsonValueKind.Array } pieces)
        {
            foreach (var piece in pieces.EnumerateArray())
            {
                if (piece.Text("text"u8) is { Length: > 0 } text) AddReasoning(text, events);
            }
        }
        if (item.Text("signature"u8) is not { Length: > 0 } signature) return;
        OpenPart(Open.Reasoning, new ReasoningPart(""), events);
        Add(new SignatureDelta(SignatureEnvelope.Read(signature, "mistral")), events);
    }

    // OpenRouter repeats in `reasoning` what `reasoning_details` says with more.
    private void ReadReasoning(JsonElement delta, List<StreamEvent> events)
    {
        bool inDetails = false;
        if (delta.Get("reasoning_details"u8) is { ValueKind: JsonValueKind.Array } details)
        {
            inDetails = ReasoningDetails.HasText(details);
            foreach (var item in details.EnumerateArray()) ReadDetail(item, events);
        }
        if (inDetails) return;
        string? text = delta.Text("reasoning_content"u8) is { Length: > 0 } content ? content : delta.Text("reasoning"u8);
        if (text is { Length: > 0 }) AddReasoning(text, events);
    }

    private void ReadDetail(JsonElement item, List<StreamEvent> events)
    {
        string? type = item.Text("type"u8), format = item.Text("format"u8);
        long index = item.Count("index"u8) ?? 0;
        bool continues = _open == Open.Detail && _detailIndex == index && _detailType == (type == "reasoning.encrypted" ? "reasoning.summary" : type);
        switch (type)
        {
            case "reasoning.text" or "reasoning.summary":
                string text = item.Text("text"u8) ?? item.Text("summary"u8) ?? "";
                string signature = item.Text("signature"u8) ?? "";
                if (text.Length == 0 && signature.Length == 0) return;
                if (_open == Open.Reasoning && signature.Length > 0 && (text.Length == 0 || IsStreamed(text)))
                {
                    // The signature of what was streamed as plain text: how this gateway itself tells one.
                    Add(new SignatureDelta(ReasoningFamilies.Read(signature, format)), events);
                    Close(events);
                    return;
                }
                if (_open == Open.Reasoning && IsStreamed(text))
                {
                    // The summary of what was streamed as plain text; its payload follows.
                    (_open, _detailIndex, _detailType) = (Open.Detail, index, type);
                    return;
                }
                if (!continues) OpenDetail(index, type, new ReasoningPart("") { Id = item.Text("id"u8), IsSummary = type == "reasoning.summary" }, events);
                if (text.Length > 0) Add(type == "reasoning.summary" ? new ReasoningDelta(text) { Paragraph = 0 } : new ReasoningDelta(text), events);
                if (signature.Length > 0) Add(new SignatureDelta(ReasoningFamilies.Read(signature, format)), events);
                break;
            case "reasoning.encrypted" when item.Text("data"u8) is { Length: > 0 } data:
                if (!continues) OpenDetail(index, type, new ReasoningPart("") { Id = item.Text("id"u8), IsRedacted = format == "anthropic-claude-v1" }, events);
                Add(new SignatureDelta(ReasoningFamilies.Read(data, format)), events);
                Close(events);
                break;
            case null:
                throw new WireFormatException("choices.delta.reasoning_details", "must hold items with a type");
            default:
                break;
        }
    }

    // A part that follows another begins with the empty line that tells them apart.
    private bool IsStreamed(string text)
    {
        int rest = _reasoning.Length - text.Length;
        if (rest != 0 && (rest < 2 || _reasoning[rest - 1] != '\n' || _reasoning[rest - 2] != '\n')) return false;
        for (int i = 0; i < text.Length; i++)
        {
            if (_reasoning[rest + i] != text[i]) return false;
        }
        return true;
    }

    private void OpenDetail(long index, string type, ReasoningPart part, List<StreamEvent> events)
    {
        Close(events);
        OpenPart(Open.Detail, part, events);
        (_detailIndex, _detailType) = (index, type);
    }

    private void AddText(string text, List<StreamEvent> events)
    {
        OpenPart(Open.Text, new TextPart(""), events);
        Add(new TextDelta(text), events);
    }

    private void AddReasoning(string text, List<StreamEvent> events)
    {
        if (_open != Open.Reasoning) _reasoning.Clear();
        OpenPart(Open.Reasoning, new ReasoningPart(""), events);
        _reasoning.Append(text);
        Add(new ReasoningDelta(text), events);
    }

    private void ReadAnnotations(JsonElement delta, List<StreamEvent> events)
    {
        if (delta.Get("annotations"u8) is not { ValueKind: JsonValueKind.Array } annotations) return;
        foreach (var annotation in annotations.EnumerateArray())
        {
            var citation = ChatAnnotations.Read(annotation, _dialect.Id);
            if (_open == Open.Text) Add(new CitationDelta(citation), events);
            else _citations.Add(citation);
        }
    }

    private void ReadAudio(JsonElement delta, List<StreamEvent> events)
    {
        if (delta.Get("audio"u8) is not { ValueKind: JsonValueKind.Object } audio) return;
        string id = audio.Text("id"u8) ?? "", data = audio.Text("data"u8) ?? "", words = audio.Text("transcript"u8) ?? "";
        if (_audioPart < 0)
        {
            if (id.Length == 0 && data.Length == 0 && words.Length == 0) return;
            Close(events);
            _audioPart = _numbers.Next();
            events.Add(new PartStarted(Index, _audioPart, new MediaPart(MediaKind.Audio, new InlineMedia("")) { Id = id.Length > 0 ? id : null }));
        }
        if (data.Length > 0 || words.Length > 0) events.Add(new PartDelta(Index, _audioPart, new MediaDelta(data, words)));
    }

    private void ReadImages(JsonElement delta, List<StreamEvent> events)
    {
        if (delta.Get("images"u8) is not { ValueKind: JsonValueKind.Array } images) return;
        foreach (var image in images.EnumerateArray())
        {
            if (image.Get("image_url"u8)?.Text("url"u8) is not { Length: > 0 } url) continue;
            Close(events);
            int part = _numbers.Next();
            events.Add(new PartStarted(Index, part, new MediaPart(MediaKind.Image, DataUrl.ToSource(url))));
            events.Add(new PartEnded(Index, part));
        }
    }

    private void ReadCalls(JsonElement delta, List<StreamEvent> events)
    {
        if (delta.Get("tool_calls"u8) is { } calls)
        {
            if (calls.ValueKind != JsonValueKind.Array) throw new WireFormatException("choices.delta.tool_calls", "must be an array");
            foreach (var call in calls.EnumerateArray())
            {
                _hasCalls = true;
                Close(events);
                _calls.Read(call, events);
            }
        }
        if (delta.Get("function_call"u8) is not { ValueKind: JsonValueKind.Object } legacy) return;
        if (!_hasLegacyCall && legacy.Text("name"u8) is not { Length: > 0 }) return;
        _hasLegacyCall = _hasCalls = true;
        Close(events);
        _calls.ReadLegacy(legacy, events);
    }

    private void OpenPart(Open kind, Part part, List<StreamEvent> events)
    {
        if (_open == kind) return;
        Close(events);
        _calls.CloseComplete(events);
        _open = kind;
        _openPart = _numbers.Next();
        events.Add(new PartStarted(Index, _openPart, part));
        if (kind != Open.Text || _citations.Count == 0) return;
        foreach (var citation in _citations) Add(new CitationDelta(citation), events);
        _citations.Clear();
    }

    private void Close(List<StreamEvent> events)
    {
        if (_open == Open.Nothing) return;
        WriteLogprobs(events);
        events.Add(new PartEnded(Index, _openPart));
        _open = Open.Nothing;
    }

    // Tokens belong to the candidate; any open part carries them, and they wait for one.
    private void WriteLogprobs(List<StreamEvent> events)
    {
        if (_logprobs is null || _open == Open.Nothing) return;
        Add(new LogprobsDelta(_logprobs), events);
        _logprobs = null;
    }

    private void Add(Delta delta, List<StreamEvent> events) => events.Add(new PartDelta(Index, _openPart, delta));
}
